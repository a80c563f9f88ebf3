// Makes a walk of a tree that stands on one page (templates/export/tree.html): one section at a time, under
// the trail of answers. The position is in the address behind #, so back, bookmark and share work, and is
// replayed by walk.js. Without script the page is a list of questions whose answers are links.
(() => {
  const root = document.getElementById("tree");
  const data = JSON.parse(document.getElementById("tree-data").textContent);
  const words = root.dataset, PRODUCT = "product", AT = "_at";
  const sections = new Map([...root.querySelectorAll("[data-node]")].map((one) => [one.dataset.node, one]));
  const trail = document.getElementById("trail"), name = document.title;
  const ways = document.getElementById("back"), back = ways.querySelector("[data-back]");
  let state = new URLSearchParams(), shown = null;

  const title = (place) => sections.get(place).querySelector("h2").textContent;
  const hash = (answers, more = {}) => `#${new URLSearchParams({ ...answers, ...more })}`;

  function said(place, value) {
    if (value === "") return words.skipped;
    const link = sections.get(place).querySelector(`[data-answer="${CSS.escape(value)}"] span`);
    return link ? (link.firstChild.textContent) : value;
  }

  function position(answers) {
    const { [PRODUCT]: product = "", [AT]: at, ...given } = answers;
    if (data.byProduct && (!product || at === PRODUCT)) return { place: PRODUCT, key: PRODUCT, trail: [], given, product };
    const found = waypost.walk(data, given, product);
    const back = found.trail.findIndex((one) => one.key === at);
    if (back < 0) return { ...found, given, product };
    const { key, place, value } = found.trail[back];
    return { key, place, typed: value, trail: found.trail.slice(0, back), given, product };
  }

  function show(moved) {
    const answers = Object.fromEntries(state);
    const here = position(answers);
    const kept = here.product ? { ...here.given, [PRODUCT]: here.product } : here.given;
    const before = data.byProduct && here.key !== PRODUCT
      ? [{ key: PRODUCT, place: PRODUCT, value: here.product }, ...here.trail] : here.trail;
    if (shown) root.append(shown);
    for (const one of sections.values()) one.hidden = true;
    shown = sections.get(here.outcome ? `*${here.outcome}` : here.place);
    shown.hidden = false;
    lead(shown, here, kept);
    const last = document.createElement("li");
    last.className = "here";
    last.append(shown, ways);
    trail.replaceChildren(...before.map((one) => line(one, kept)), last);
    trail.hidden = false;
    if (before.length) back.href = hash(kept, { [AT]: before.at(-1).key });
    ways.hidden = !before.length;
    document.title = before.length ? `${shown.querySelector("h2").textContent} – ${name}` : name;
    if (moved) {
      shown.querySelector("h2").focus({ preventScroll: true });
      shown.scrollIntoView({ block: "nearest" });
    }
  }

  // The ways on from the section that stands: each answer an address with all answers before it.
  function lead(section, here, kept) {
    const without = new Set(data.without[here.product] ?? []);
    for (const link of section.querySelectorAll("[data-answer]")) {
      const answer = link.dataset.answer;
      link.href = hash({ ...kept, [here.key]: answer });
      link.classList.toggle("chosen", answer === here.typed);
      const item = link.closest("li");
      if (item) item.hidden = without.has(`${here.place}/${answer}`);
    }
    for (const link of section.querySelectorAll("[data-contact]")) {
      link.dataset.contact ||= link.getAttribute("href");
      link.href = link.dataset.contact + walked(link.dataset.contact, here);
    }
    const form = section.querySelector("form");
    if (!form) return;
    form.typed.value = here.typed ?? "";
    tell(form, here.problem);
    form.onsubmit = (event) => {
      event.preventDefault();
      const node = here.place.split("/").reduce((at, part, n) => (n ? at.nodes[part] : at[part]), data.trees);
      const value = waypost.typed.read(node, form.typed.value);
      if (typeof value === "string") location.hash = hash({ ...kept, [here.key]: value });
      else {
        tell(form, value.problem);
        form.typed.focus();
      }
    };
  }

  function tell(form, problem) {
    const said = form.querySelector(".err"), template = form.querySelector(`[data-problem="${problem}"]`);
    said.hidden = !template;
    said.querySelector("span").textContent = template?.innerHTML ?? "";
    form.typed.toggleAttribute("aria-invalid", Boolean(template));
    form.querySelector(".field").classList.toggle("bad", Boolean(template));
  }

  // Contact on the site itself takes the walk along, as kb/rules/walk.py encodes it.
  function walked(href, here) {
    if (!/^https?:/.test(href) || !here.trail.length) return "";
    const answers = Object.fromEntries(here.trail.map((one) => [one.key, one.value]));
    const known = here.product && here.product !== "unknown" ? { [PRODUCT]: here.product } : {};
    const revision = data.revision ? `@${data.revision}` : "";
    const walk = `${data.tree}${revision}~${new URLSearchParams({ ...answers, ...known })}`;
    return `${href.includes("?") ? "&" : "?"}${new URLSearchParams({ walk })}`;
  }

  function line({ key, place, value }, kept) {
    const item = document.createElement("li"), box = document.createElement("div");
    box.className = "ans";
    const asked = document.createElement("span"), answer = document.createElement("b"), change = document.createElement("a");
    asked.textContent = title(place);
    answer.textContent = said(place, value);
    change.textContent = words.change;
    change.setAttribute("aria-label", `${words.change}: ${asked.textContent}`);
    change.href = hash(kept, { [AT]: key });
    box.append(asked, answer, change);
    item.append(box);
    return item;
  }

  const isWalk = (text) => !text || text.includes("=");

  addEventListener("hashchange", () => {
    const text = location.hash.slice(1);
    if (!isWalk(text)) return; // an anchor inside of a text
    state = new URLSearchParams(text);
    show(true);
  });
  ways.querySelector("[data-again]").addEventListener("click", (event) => {
    event.preventDefault();
    location.hash = "";
  });
  root.classList.add("walking");
  if (isWalk(location.hash.slice(1))) state = new URLSearchParams(location.hash.slice(1));
  show(false);
})();
