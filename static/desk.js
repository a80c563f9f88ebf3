// Shortcuts of the agents' desk, and who else has this case before them. Without script everything is
// reached by links and forms; no key is taken while one types or holds Ctrl, Alt or Meta.
(() => {
  const typing = (node) => node.closest("input, select, textarea, [contenteditable]");
  const rows = [...document.querySelectorAll(".queue tbody tr")];
  let at = -1;

  const move = (step) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].classList.add("here");
    rows[at].querySelector(".subj a").focus();
  };
  const press = (selector) => document.querySelector(selector)?.click();
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => rows[at]?.querySelector(".pick input")?.click(),
    a: () => press("[data-key='a']"),
    r: () => (document.querySelector(".compose:not(.note) textarea") ?? { focus: () => press("[data-key='r']") }).focus(),
    n: () => (document.querySelector(".compose.note textarea") ?? { focus: () => press("[data-key='n']") }).focus(),
    "/": () => document.querySelector(".find.mini input")?.focus(),
    "?": () => {
      const help = document.querySelector("#shortcuts");
      if (help) help.open = !help.open;
      help?.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const does = keys[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  const place = document.querySelector("#others[data-url]");
  if (!place) return;
  const body = document.querySelector(".compose textarea");
  const opened = body?.value ?? "";
  const beat = async () => {
    if (document.hidden) return;
    const said = new URLSearchParams({ csrf_token: place.dataset.token });
    if (body && body.value !== opened) said.set("answering", "yes");
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body: said });
      if (!answer.ok) return;
      const words = (await answer.json()).others.join(". ");
      if (place.textContent !== words) place.textContent = words;
    } catch {
      // The next beat tries again.
    }
  };
  beat();
  setInterval(beat, 30000);
  let told = false;
  body?.addEventListener("input", () => {
    if (!told) beat();
    told = true;
  });
})();
