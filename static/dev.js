// Only with kb serve --dev: the page follows its file. What the server tells is shown as text, never as HTML.
(() => {
  const words = document.currentScript.dataset;
  let shown = document.querySelector("main")?.innerHTML;

  const make = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  async function refresh() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    const main = document.querySelector("main");
    if (!fresh || !main) return location.reload();
    if (answer.redirected) return location.replace(answer.url);
    if (fresh.innerHTML === shown) return;
    shown = fresh.innerHTML;
    main.innerHTML = shown;
    document.title = page.title;
    for (const old of document.body.querySelectorAll("script[src]")) {
      const again = document.createElement("script");
      again.src = old.src;
      Object.assign(again.dataset, old.dataset);
      old.replaceWith(again);
    }
  }

  function excerpt(problem) {
    const listing = make("pre", "dev-lines");
    listing.tabIndex = 0;
    for (const [number, text] of problem.lines) {
      const row = make("span", number === problem.line ? "dev-line dev-here" : "dev-line");
      row.append(make("span", "dev-number", String(number).padStart(5) + "  "), text + "\n");
      listing.append(row);
    }
    return listing;
  }

  function overlay(problems) {
    document.querySelector("dialog.dev-overlay")?.remove();
    if (!problems.length) return;
    const box = make("dialog", "dev-overlay");
    box.setAttribute("aria-labelledby", "dev-overlay-title");
    const title = make("h2", "", problems.length === 1 ? words.one : words.many.replace("{}", problems.length));
    title.id = "dev-overlay-title";
    const close = make("button", "dev-close", words.close);
    close.type = "button";
    close.addEventListener("click", () => box.remove());
    box.append(title, close);
    for (const problem of problems) {
      const place = make("h3", "", problem.path + ":" + problem.line);
      const what = make("p", "", problem.what + (problem.mend ? "; " + problem.mend : ""));
      what.lang = "en";
      box.append(place, what);
      if (problem.lines.length) box.append(excerpt(problem));
    }
    box.append(make("p", "dev-note", words.note));
    document.body.append(box);
    box.show();
  }

  const source = new EventSource("/dev/events");
  let number = null;
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    overlay(told.problems);
    if (!told.first || (number !== null && told.number !== number)) refresh();
    number = told.number;
    document.documentElement.dataset.dev = number;
  };
  addEventListener("pagehide", () => source.close());
})();
