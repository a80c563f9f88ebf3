// The sheet of an article: how it looks follows the typing, pictures come by paste, drop or choice.
// Without script the buttons “Preview” and “Save” do the same.
(() => {
  const form = document.getElementById("sheet");
  const preview = document.getElementById("preview");
  const body = form?.querySelector("textarea[name=body]");
  if (!form || !preview || !body) return;

  const WAIT = 220; // ms without a key before the preview is asked for
  let timer = 0;
  let asked = null;
  let touched = false;

  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const words = new FormData(form);
    words.delete("pictures");
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST", body: words, signal: asked.signal,
      });
      if (!answer.ok) return;
      preview.innerHTML = await answer.text();
      lines();
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || !event.target.name) return;
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  form.addEventListener("submit", () => { touched = false; });
  addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

  // The line of a mistake leads to that line of the text.
  const lines = () => {
    for (const at of preview.querySelectorAll("[data-line]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = at.textContent;
      button.addEventListener("click", () => select(Number(at.dataset.line)));
      at.replaceChildren(button);
    }
  };

  const select = (number) => {
    const all = body.value.split("\n");
    const start = all.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    body.focus();
    body.setSelectionRange(start, start + (all[number - 1] ?? "").length);
    body.scrollTop = ((number - 3) / all.length) * body.scrollHeight;
  };
  lines();

  // Pictures: each is sent at once, then asks for its words, then stands in the text.
  const kept = document.getElementById("pictures-kept");
  const said = document.getElementById("adding");
  const chosen = form.querySelector("input[type=file]");

  const send = async (file) => {
    const words = new FormData();
    words.set("csrf_token", form.elements.csrf_token.value);
    words.set("picture", file, file.name);
    said.textContent = `${file.name} …`;
    try {
      const answer = await fetch(form.dataset.take, { method: "POST", body: words });
      const told = await answer.json();
      said.textContent = told.wrong ?? "";
      if (told.ticket) add(told);
    } catch {
      said.textContent = said.dataset.wrong;
    }
  };

  const add = (told) => {
    const item = document.createElement("li");
    const ticket = document.createElement("input");
    const picture = document.createElement("img");
    const label = document.createElement("label");
    const alt = document.createElement("input");
    const button = document.createElement("button");
    ticket.type = "hidden";
    ticket.name = "kept";
    ticket.value = told.ticket;
    picture.src = told.url;
    picture.alt = "";
    label.textContent = `${said.dataset.alt} (${told.name})`;
    alt.type = "text";
    alt.maxLength = 300;
    alt.lang = body.lang;
    label.append(alt);
    button.type = "button";
    button.className = "second sm";
    button.textContent = said.dataset.insert;
    const insert = () => {
      const words = alt.value.replace(/[[\]\n]/g, " ").trim();
      if (!words) {
        said.textContent = said.dataset.needed;
        alt.focus();
        return;
      }
      said.textContent = "";
      const at = body.selectionEnd;
      const before = body.value.slice(0, at);
      const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      body.setRangeText(`${gap}![${words}](${told.name})\n`, at, at, "end");
      label.remove();
      button.remove();
      const name = document.createElement("code");
      name.textContent = told.name;
      item.append(name);
      body.focus();
      body.dispatchEvent(new Event("input", { bubbles: true }));
    };
    button.addEventListener("click", insert);
    alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      insert();
    });
    item.append(picture, ticket, label, button);
    kept.append(item);
    alt.focus();
  };

  const take = (files) => {
    for (const file of files) send(file);
  };

  chosen.addEventListener("change", () => {
    take([...chosen.files]);
    chosen.value = "";
  });
  form.querySelector("input[name=alt]").closest(".field").hidden = true; // each asks for its own
  body.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  form.addEventListener("dragover", (event) => {
    if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
})();
