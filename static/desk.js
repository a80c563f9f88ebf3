// Shortcuts of the agents' desk, and who else has this case before them. Without script everything is
// reached by links and forms; no key is taken while one types or holds Ctrl, Alt or Meta.
(() => {
  const typing = (node) => node.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  const rows = [...document.querySelectorAll(".queue tbody tr, .voices > li, .mail > .rows > li")];
  const boxes = [...document.querySelectorAll(".queue .pick input[name=case]")];
  let at = -1;

  const move = (step) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].classList.add("here");
    (rows[at].querySelector(".subj a") ?? rows[at].querySelector(".pick input, a"))?.focus();
  };
  const places = document.querySelector(".places");
  document.addEventListener("click", (event) => {
    if (places?.open && !places.contains(event.target)) places.open = false;
  });
  places?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    places.open = false;
    places.querySelector("summary").focus();
  });
  const press = (selector) => document.querySelector(selector)?.click();
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => rows[at]?.querySelector(".pick input")?.click(),
    a: () => {
      const here = rows[at]?.querySelector(".pick input");
      if (!here) return press("[data-key='a']");
      boxes.forEach((box) => { box.checked = box === here; });
      press("#bulk [value=claim]");
    },
    t: () => press("#take-next"),
    r: () => (document.querySelector(".compose:not(.note) textarea") ?? { focus: () => press("[data-key='r']") }).focus(),
    n: () => (document.querySelector(".compose.note textarea") ?? { focus: () => press("[data-key='n']") }).focus(),
    u: () => press("#news a"),
    b: () => press("#to-list"),
    g: () => press("#next-case:not([hidden])"),
    "/": () => {
      const field = document.querySelector(".find.mini input");
      field?.focus();
      field?.select(); // what was searched before is typed over, or mended
    },
    "?": () => {
      const help = document.querySelector("#shortcuts");
      if (help) help.open = !help.open;
      help?.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const wanted = event.shiftKey ? ".does button[name=resolve]" : ".does button:not(.second)";
      const send = event.target.closest(".compose")?.querySelector(wanted);
      if (send) send.form.requestSubmit(send);
    }
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const does = keys[event.key.toLowerCase()]; // with Caps Lock, too
    if (!does) return;
    event.preventDefault();
    does();
  });

  // What was typed or chosen goes along to the other tab of the composer.
  const compose = document.querySelector(".compose[data-carry]");
  compose?.querySelectorAll(".tabs a:not([aria-current])").forEach((tab) => tab.addEventListener("click", (event) => {
    const chosen = [...compose.querySelectorAll("input[type=file]")].some((one) => one.files.length);
    if (!chosen && !compose.querySelector("textarea").value.trim()) return;
    event.preventDefault();
    const to = document.createElement("input");
    Object.assign(to, { type: "hidden", name: "do", value: tab.dataset.key === "n" ? "note" : "reply" });
    compose.append(to);
    compose.action = compose.dataset.carry;
    compose.submit();
  }));

  // The credit as it runs down; a screen reader hears of it at four moments only.
  const left = document.querySelector("#countdown[data-left]");
  if (left) {
    const said = document.querySelector("#countdown-said");
    const minutes = document.querySelector("form[action$='/time'] input[name=minutes]");
    const proposed = minutes?.value;
    const worked = Number(left.dataset.worked);
    const began = Date.now();
    const at = Number(left.dataset.left);
    let before = at;
    const two = (number) => String(number).padStart(2, "0");
    const tick = () => {
      const spent = Math.floor((Date.now() - began) / 1000);
      const rest = Math.max(at - spent, 0);
      const hours = Math.floor(rest / 3600);
      const clock = `${Math.floor(rest / 60) % 60}:${two(rest % 60)}`;
      left.querySelector("b").textContent = hours ? `${hours}:${clock.padStart(5, "0")}` : clock;
      left.classList.toggle("soon", rest <= 900);
      document.querySelector("#used-up").hidden = rest > 0;
      const passed = [0, 60, 300, 900].find((moment) => rest <= moment && before > moment);
      if (passed !== undefined) said.textContent = left.dataset[`at-${passed}`];
      if (minutes && proposed && !touched) minutes.value = Math.max(1, Math.ceil((worked + spent) / 60));
      before = rest;
    };
    let touched = Boolean(minutes?.form.querySelector("[aria-invalid=true]")); // it came back as it was typed
    minutes?.addEventListener("input", () => { touched = true; });
    tick();
    setInterval(tick, 1000);
  }

  // The list that a case was opened from, in this tab: so one gets back to the same selection and page, and on
  // to the next case without it.
  const KEPT = "waypost-list";
  const back = document.querySelector("#to-list");
  const listed = [...document.querySelectorAll(".queue .subj a")].map((link) => link.pathname);
  try {
    if (listed.length) {
      const [name] = document.title.split(" – ");
      sessionStorage.setItem(KEPT, JSON.stringify({ url: location.pathname + location.search, name, cases: listed }));
    }
    const list = back && JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (list && list.url.startsWith(new URL(back.href).pathname)) {
      back.href = list.url;
      back.querySelector("span").textContent = list.name;
      const here = list.cases.indexOf(location.pathname);
      const next = document.querySelector("#next-case");
      if (here >= 0 && list.cases[here + 1]) {
        next.href = list.cases[here + 1];
        next.hidden = false;
      }
    }
  } catch {
    // Without storage the way back is that of the page.
  }

  // What changed in the queue while it was open: told beside its name, where nothing moves by it; the list
  // stays as it is until one asks for it.
  const news = document.querySelector("#news[data-url]");
  if (news) {
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(news.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!answer.ok || answer.redirected) return;
        const { words } = await answer.json();
        if (link.textContent === words) return;
        link.textContent = words;
        if (words) news.append(link);
        else link.remove();
      } catch {
        // The next time asks for the same.
      }
    };
    setInterval(ask, 30000);
    document.addEventListener("visibilitychange", ask);
    addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  }

  // One box for all cases that are shown; without script “all of this selection” does the same.
  const every = document.querySelector("#pick-all");
  if (every) {
    every.closest("label").hidden = false;
    every.addEventListener("change", () => boxes.forEach((box) => { box.checked = every.checked; }));
    boxes.forEach((box) => box.addEventListener("change", () => {
      every.checked = boxes.every((one) => one.checked);
      every.indeterminate = !every.checked && boxes.some((one) => one.checked);
    }));
  }

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
