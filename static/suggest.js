// Suggestions under a search box while one types: the “editable combobox with list autocomplete” of the
// ARIA practices. It works on every form with data-suggest="/api/suggest?lang=…". The focus stays in the
// box; the arrows choose, Enter opens, Escape closes. Without script the form is what it is: a search box.
(() => {
  const WAIT = 120;
  const texts = document.currentScript?.dataset ?? {};

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const bare = (code) => code.replace(/[^a-z0-9]/gi, "").toLowerCase();

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

    const open = (are) => {
      list.hidden = !are;
      input.setAttribute("aria-expanded", String(are));
      if (!are) choose(-1);
    };

    const close = () => {
      clearTimeout(timer);
      asking?.abort();
      open(false);
    };

    const choose = (place) => {
      at = place;
      options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    };

    const show = (lines, typed) => {
      choose(-1);
      list.replaceChildren(...lines.map((line, place) => option(line, place, typed)));
      open(lines.length > 0);
      said.textContent = lines.length === 1 ? texts.one : lines.length ? texts.count.replace("{n}", lines.length) : typed && texts.none;
    };

    const option = (line, place, typed) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.dataset.url = line.url;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const title = document.createElement("span");
      title.append(...marked(line.title, typed));
      const kind = document.createElement("small");
      const code = line.error_codes.find((one) => bare(typed) && bare(one).includes(bare(typed)));
      kind.textContent = code ? `${line.type_name} · ${code}` : line.type_name;
      item.append(title, " ", kind);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => location.assign(line.url));
      return item;
    };

    const ask = async () => {
      asking?.abort();
      const typed = input.value.trim();
      if (typed.length < 2) return show([], "");
      asking = new AbortController();
      try {
        const url = `${form.dataset.suggest}&q=${encodeURIComponent(typed)}`;
        const answer = await fetch(url, { signal: asking.signal });
        if (answer.ok) show((await answer.json()).suggestions, typed);
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
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const last = options().length - 1;
      const down = event.key === "ArrowDown", up = event.key === "ArrowUp";
      if (list.hidden) {
        if (!(down || up)) return;
        if (last < 0) ask();
        else {
          open(true);
          if (!event.altKey) choose(down ? 0 : last);
        }
      } else if (down) choose(at === last ? -1 : at + 1);
      else if (up && event.altKey) close();
      else if (up) choose(at < 0 ? last : at - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) location.assign(options()[at].dataset.url);
      else {
        if (at >= 0 && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) choose(-1);
        return;
      }
      event.preventDefault();
    });
  }

  // The title in pieces, with the beginnings of words that were typed in <mark>.
  function marked(title, typed) {
    const starts = plain(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    return title.split(/([\p{L}\p{N}]+)/u).flatMap((word) => {
      const start = starts.filter((one) => plain(word).startsWith(one)).sort((a, b) => b.length - a.length)[0];
      if (!start || plain(word).length !== word.length) return [word];
      const mark = document.createElement("mark");
      mark.textContent = word.slice(0, start.length);
      return [mark, word.slice(start.length)];
    });
  }
})();
