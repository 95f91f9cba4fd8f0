"use strict";
(() => {
  // One sound at a time: starting a clip stops the one before.
  const shared = new Audio();
  let playing = null;

  function stopButton() {
    if (playing) playing.textContent = "▶";
    playing = null;
  }
  shared.addEventListener("ended", stopButton);

  function sourceOf(id) {
    const owner = document.getElementById(id);
    return owner ? owner.getAttribute("src") || owner.dataset.play : "";
  }
  for (const audio of document.querySelectorAll("audio[data-same]")) {
    audio.src = sourceOf(audio.dataset.same);
  }
  const players = [...document.querySelectorAll("audio")];
  for (const audio of players) {
    audio.addEventListener("play", () => {
      shared.pause();
      stopButton();
      for (const other of players) if (other !== audio) other.pause();
    });
  }

  function toggle(button) {
    const again = button === playing;
    shared.pause();
    stopButton();
    if (again) return;
    for (const audio of players) audio.pause();
    shared.src = button.dataset.play || sourceOf(button.dataset.playId);
    shared.play().then(
      () => { playing = button; button.textContent = "■"; },
      () => { button.textContent = "?"; button.title += " cannot be played here"; },
    );
  }

  const table = document.getElementById("rows");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  body.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) toggle(button);
  });

  function compare(column, sign) {
    return (a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      const missing = (x.textContent === "–") - (y.textContent === "–");
      if (missing) return missing; // what has no value stays last, whichever way
      if (x.dataset.sort && y.dataset.sort) return sign * (x.dataset.sort - y.dataset.sort);
      return sign * x.textContent.localeCompare(y.textContent);
    };
  }
  heads.forEach((head, column) => {
    if (!head.dataset.name) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.dataset.name;
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      body.append(...rows.sort(compare(column, sign)));
    });
    head.replaceChildren(button);
  });

  // A choice for every column with a handful of words; a search box for the rest.
  const filters = document.getElementById("filters");
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const choices = [];
  heads.forEach((head, column) => {
    const values = new Set(rows.map((row) => row.cells[column].textContent));
    const words = rows.every((row) => !row.cells[column].dataset.sort);
    if (!head.dataset.name || !words || values.size < 2 || values.size > 20) return;
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.append(new Option("all", ""), ...[...values].sort().map((v) => new Option(v, "=" + v)));
    label.append(head.dataset.name + " ", select);
    filters.insertBefore(label, found);
    choices.push([column, select]);
    select.addEventListener("change", filter);
  });
  find.addEventListener("input", filter);

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const chosen = choices.every(
        ([column, select]) => !select.value || "=" + row.cells[column].textContent === select.value,
      );
      row.hidden = !chosen || !row.textContent.toLowerCase().includes(wanted);
      count += !row.hidden;
    }
    found.textContent = `${count} of ${rows.length} rows`;
  }
  filters.hidden = false;
  filter();
})();
