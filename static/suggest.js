// Suggestions under a search box while one types: a combobox with a list. It works on every form with
// data-suggest="/api/suggest?lang=…". Without script the form is what it is: a search box.
(() => {
  const WAIT = 120;
  const count = document.currentScript?.dataset.count ?? "{n}";

  for (const form of document.querySelectorAll("form[data-suggest]")) {
    const input = form.querySelector("input[type=search]");
    if (input) attach(form, input);
  }

  function attach(form, input) {
    const list = document.createElement("ul");
    list.className = "suggested";
    list.id = `${input.id}-suggested`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label").textContent);
    const said = document.createElement("span");
    said.className = "vh";
    said.setAttribute("role", "status");
    form.append(list, said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer, asking, at = -1;
    const options = () => [...list.children];

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (place) => {
      at = place;
      options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    };

    const show = (lines) => {
      list.replaceChildren(...lines.map(option));
      at = -1;
      list.hidden = lines.length === 0;
      input.setAttribute("aria-expanded", String(lines.length > 0));
      said.textContent = lines.length ? count.replace("{n}", lines.length) : "";
    };

    const option = (line, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.dataset.url = line.url;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = line.title;
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => location.assign(line.url));
      return item;
    };

    const ask = async () => {
      asking?.abort();
      if (input.value.trim().length < 2) return show([]);
      asking = new AbortController();
      try {
        const url = `${form.dataset.suggest}&q=${encodeURIComponent(input.value)}`;
        const answer = await fetch(url, { signal: asking.signal });
        if (answer.ok) show((await answer.json()).suggestions);
      } catch (error) {
        if (error.name !== "AbortError") close(); // away from the network: search still works
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      const last = options().length - 1;
      const moves = { ArrowDown: at === last ? -1 : at + 1, ArrowUp: at < 0 ? last : at - 1 };
      if (event.key in moves) choose(moves[event.key]);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) location.assign(options()[at].dataset.url);
      else return;
      event.preventDefault();
    });
  }
})();
