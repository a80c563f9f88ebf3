// A chat as it happens. An event only says that something changed; what was said is asked for by the number of
// the last message that stands here, so an event that is lost or comes twice loses and doubles nothing. Without a
// stream the page asks now and then. On the desk's other pages it keeps the link to the chats true, and holds no
// connection for that: a browser has few of them, and agents have many pages open.
(() => {
  const place = document.querySelector("#chat[data-events]");
  const bar = document.querySelector("#chat-bar[data-events]");
  const lists = document.querySelector("#chat-lists");
  const source = place ?? bar;
  if (!source) return;
  document.body.classList.add("scripted");
  const at = (id) => document.querySelector(`#chat-${id}`);
  const title = document.title;
  const ASKS = 4000, LOOKS = 20000, TRIES_AGAIN = 60000, TYPES = 3000;
  let last = Number(place?.dataset.last ?? 0);
  let told = "", unread = 0, over = false, polling = 0, queue = Promise.resolve();

  const count = (waiting) => {
    const number = bar?.querySelector(".count");
    if (!number || waiting === undefined) return;
    number.textContent = waiting;
    number.hidden = !waiting;
  };
  const near = () => {
    const box = at("thread").parentElement.querySelector(".say") ?? at("thread");
    return box.getBoundingClientRect().bottom < innerHeight + 240;
  };
  const show = (news) => {
    if (news.last > last) {
      const follows = near();
      at("thread").insertAdjacentHTML("beforeend", news.html);
      last = news.last;
      if (follows) document.querySelector("#write")?.scrollIntoView({ block: "end" });
      if (document.hidden) document.title = `(${++unread}) ${title}`;
    }
    for (const [id, html] of Object.entries(news.files ?? {})) waiting(id).forEach((node) => { node.outerHTML = html; });
    if (news.status && at("status").innerHTML.trim() !== news.status.trim()) at("status").innerHTML = news.status;
    if (news.nav && at("nav")) swap(at("nav"), news.nav);
    at("typing").hidden = !news.typing;
    if (news.over === over) return;
    over = news.over;
    at("status").classList.toggle("on", !over);
    if (at("leave")) at("leave").hidden = over;
  };
  // Files that wait for the virus scanner, by their message: no event tells when it has seen them.
  const waiting = (id = "") => [...document.querySelectorAll(`#chat-thread [data-held${id && `="${id}"`}]`)];
  const swap = (node, html) => {
    if (!node.contains(document.activeElement)) node.innerHTML = html;
  };
  const asked = async (url, options = {}) => {
    const answer = await fetch(url, { ...options, headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.redirected || answer.status === 401) location.reload(); // signed out meanwhile
    return answer;
  };
  const ask = () => {
    queue = queue.then(async () => {
      const held = waiting().map((node) => node.dataset.held);
      const url = place ? `${place.dataset.news}?after=${last}&held=${held}` : bar.dataset.news;
      const answer = await asked(url);
      if (!answer.ok) return;
      const news = await answer.json();
      if (place) return show(news);
      if (lists) swap(lists, news.lists);
      if (at("nav")) swap(at("nav"), news.nav);
      count(news.waiting);
    }).catch(() => {}); // the next one asks for the same again
  };

  const heard = (event) => {
    const { typing, ...rest } = JSON.parse(event.data);
    if (place) at("typing").hidden = !typing;
    count(rest.waiting);
    const now = JSON.stringify(rest);
    if (now !== told) ask();
    told = now;
  };
  const listen = () => {
    const stream = new EventSource(source.dataset.events);
    stream.onopen = () => { clearInterval(polling); polling = 0; };
    stream.onmessage = heard;
    stream.onerror = () => {
      if (stream.readyState !== EventSource.CLOSED) return; // it comes again by itself
      told = "";
      if (!polling) polling = setInterval(ask, ASKS);
      setTimeout(listen, TRIES_AGAIN);
    };
    addEventListener("pagehide", () => stream.close(), { once: true });
  };
  if (place || lists) listen();
  else setInterval(ask, LOOKS);
  if (place) setInterval(() => { if (waiting().length && !polling) ask(); }, ASKS);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unread = 0;
    document.title = title;
  });

  const form = document.querySelector("form.say");
  const body = form?.querySelector("textarea");
  if (!place || !body) return;
  const input = form.querySelector("input[type=file]");
  let typed = 0, tried = null, sending = false;
  const complain = (words) => {
    at("error").textContent = words;
    at("error").hidden = !words;
  };
  const type = (still) => {
    if (!place.dataset.typing || over) return;
    const said = new URLSearchParams({ csrf_token: place.dataset.token, still });
    fetch(place.dataset.typing, { method: "POST", body: said }).catch(() => {});
  };
  body.addEventListener("input", () => {
    if (!body.value || Date.now() - typed < TYPES) return;
    typed = Date.now();
    type("yes");
  });
  body.addEventListener("blur", () => { if (typed) type("no"); typed = 0; });
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]:not([formaction])"));
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    const words = body.value, files = [...input.files];
    const all = [words, ...files.map((one) => `${one.name} ${one.size} ${one.lastModified}`)].join("\n");
    const kept = form.querySelector(".kept input:checked"); // files of a form that came back
    if ((!words.trim() && !files.length && !kept) || sending) return;
    sending = true;
    at("sending").hidden = !files.length;
    send(words, files, all).catch(() => {
      tried ??= all;
      complain(place.dataset.lost);
    }).finally(() => {
      sending = false;
      at("sending").hidden = true;
    });
  });
  // Not in the queue: a large file takes its time, and what the other side says meanwhile does not wait for it.
  const send = async (words, files, all) => {
    const once = form.querySelector("[name=submission_id]");
    const said = new FormData(form), since = last;
    said.set("body", words);
    said.set("after", since);
    said.delete("files");
    for (const file of files) said.append("files", file);
    const answer = await asked(form.action, { method: "POST", body: said });
    if (answer.status === 413) return complain(place.dataset.large);
    if (!answer.ok) throw new Error(answer.status);
    const news = await answer.json();
    queue = queue.then(() => since === last ? show(news) : ask()).catch(() => {});
    complain(news.error);
    if (news.error) return;
    // The first try came through although its answer did not: what was changed since stays to be sent.
    const changed = news.again && tried !== null && tried !== all;
    if (!changed) {
      if (body.value.startsWith(words)) body.value = body.value.slice(words.length).trimStart();
      input.dispatchEvent(new CustomEvent("sent", { detail: files }));
      form.querySelector(".kept")?.remove();
    }
    once.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    tried = null;
    typed = 0;
  };
})();
