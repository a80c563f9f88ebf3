// Screenshots by paste or drop on a form that takes files: they join the file input, and a list under
// it says what will be sent. Without script the input is what it is: a choice of files.
(() => {
  const words = document.currentScript.dataset;

  for (const input of document.querySelectorAll(".drop input[type=file][multiple]")) attach(input);

  function attach(input) {
    const box = input.closest(".drop");
    const form = input.form;
    const list = document.createElement("ul");
    const said = document.createElement("p");
    const hint = document.createElement("p");
    list.className = "added";
    list.setAttribute("role", "list");
    said.className = "vh";
    said.setAttribute("role", "status");
    hint.className = "hint";
    hint.textContent = words.add;
    box.append(hint, list, said);
    let chosen = [...input.files]; // what a browser brings back after a reload

    const fill = (word, file) => word.replace("{name}", file.name);

    const show = () => {
      const bag = new DataTransfer();
      for (const file of chosen) bag.items.add(file);
      input.files = bag.files;
      list.replaceChildren(...chosen.map(row));
    };

    const row = (file) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet sm";
      button.textContent = fill(words.remove, file);
      button.addEventListener("click", () => {
        chosen = chosen.filter((one) => one !== file);
        show();
        input.focus();
      });
      item.append(`${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`, button);
      return item;
    };

    const take = (files) => {
      for (const file of files) {
        const same = (one) =>
          one.name === file.name && one.size === file.size && one.lastModified === file.lastModified;
        if (!chosen.some(same)) chosen.push(file);
      }
      show();
      said.textContent = files.map((file) => fill(words.added, file)).join(" ");
    };

    input.addEventListener("change", () => take([...input.files]));

    // A page that sends the form by itself tells what has gone; what was added meanwhile stays.
    input.addEventListener("sent", (event) => {
      chosen = chosen.filter((one) => !event.detail.includes(one));
      show();
    });

    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      take(files.map(named));
    });

    // Every pasted screenshot is called image.png: number them, so that they can be told apart.
    const named = (file) => {
      if (!/^image\.\w+$/.test(file.name)) return file;
      const ending = file.name.split(".").pop();
      const taken = chosen.filter((one) => one.name.startsWith(words.screenshot)).length;
      return new File([file], `${words.screenshot}-${taken + 1}.${ending}`, { type: file.type });
    };

    form.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      box.classList.add("over");
    });
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) box.classList.remove("over");
    });
    form.addEventListener("drop", (event) => {
      box.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      take([...event.dataTransfer.files]);
    });

    if (chosen.length) show();
  }
})();
