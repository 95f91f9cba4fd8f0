"use strict";
(() => {
  const test = JSON.parse(document.getElementById("test").textContent);
  const place = "emotts-listen-" + test.test;
  const get = (id) => document.getElementById(id);
  const player = new Audio();
  let state = null; // {listener, started, finished, at, answers: {trial: {values, x, heard}}}
  let order = [];
  let playing = null;

  // Everything random comes from the test's seed and the listener's name, so that a page that is
  // opened again shows the same order.
  function randomOf(text) {
    let h = 2166136261;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    return () => {
      h = (h + 0x6d2b79f5) | 0;
      let t = Math.imul(h ^ (h >>> 15), 1 | h);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  function shuffled(list, random) {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
  const chance = (what) => randomOf([test.seed, state.listener, what].join("\n"));

  function keep() {
    try {
      localStorage.setItem(place, JSON.stringify(state));
    } catch {
      get("notice").textContent =
        "This browser keeps nothing for this page: do not close it before you have saved.";
    }
  }
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  }

  function stop() {
    player.pause();
    if (playing) playing.classList.remove("playing");
    playing = null;
  }
  player.addEventListener("ended", () => {
    const done = playing;
    stop();
    if (done) mark(done);
  });
  function mark(button) {
    const answer = answerOf(order[state.at]);
    if (!answer.heard.includes(button.dataset.part)) answer.heard.push(button.dataset.part);
    button.parentElement.querySelector(".heard").textContent = "✓";
    keep();
    check();
  }
  function play(button) {
    const again = playing === button;
    stop();
    if (again) return;
    player.src = test.audio[button.dataset.sound];
    playing = button;
    button.classList.add("playing");
    player.play().catch(() => {
      stop();
      get("hint").textContent = "This browser cannot play the sound.";
    });
  }

  // One answer a trial; X and the places of the sounds are drawn once, when it is first shown.
  function answerOf(trial) {
    if (!state.answers[trial.id]) {
      const random = chance(trial.id);
      const shown = shuffled(trial.sounds, random);
      const x = test.kind === "abx" ? trial.sounds[Math.floor(random() * 2)] : "";
      state.answers[trial.id] = { shown, x, values: {}, heard: [] };
    }
    return state.answers[trial.id];
  }
  function partsOf(trial, answer) {
    const letter = (i) => String.fromCharCode(65 + i);
    const parts = answer.shown.map((sound, i) => ({ part: letter(i), sound, votes: true }));
    if (test.kind === "abx") parts.push({ part: "X", sound: answer.x });
    if (test.kind === "mushra") parts.unshift({ part: "Reference", sound: trial.reference });
    return parts;
  }
  const complete = (trial) => {
    const answer = state.answers[trial.id];
    return Boolean(answer) && trial.sounds.every((sound) => sound in answer.values)
      && partsOf(trial, answer).every(({ part }) => answer.heard.includes(part));
  };

  function slider(answer, part, sound) {
    const label = document.createElement("label");
    const range = document.createElement("input");
    const shown = document.createElement("output");
    Object.assign(range, { type: "range", min: 0, max: 100, step: 1 });
    range.value = answer.values[sound] ?? 50;
    range.setAttribute("aria-label", `Rating of ${part}, 0 bad to 100 excellent`);
    shown.textContent = sound in answer.values ? range.value : "–";
    const rate = () => {
      answer.values[sound] = Number(range.value);
      shown.textContent = range.value;
      keep();
      check();
    };
    range.addEventListener("input", rate);
    range.addEventListener("change", rate);
    range.addEventListener("click", rate); // 50 may be what is meant
    label.append(range, shown);
    return label;
  }
  function choice(answer, part, sound) {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "choice", checked: answer.values[sound] === 1 });
    radio.addEventListener("change", () => {
      for (const other of answer.shown) answer.values[other] = other === sound ? 1 : 0;
      keep();
      check();
    });
    label.append(radio, test.kind === "abx" ? `X is ${part}` : part);
    return label;
  }
  function row(answer, { part, sound, votes }, index) {
    const line = document.createElement("div");
    const button = document.createElement("button");
    const heard = document.createElement("span");
    line.className = "sound";
    heard.className = "heard";
    heard.textContent = answer.heard.includes(part) ? "✓" : "";
    Object.assign(button, { type: "button", textContent: `▶ ${part}` });
    Object.assign(button.dataset, { sound, part, key: index + 1 });
    button.setAttribute("aria-label", `Play ${part}`);
    button.addEventListener("click", () => play(button));
    line.append(button, heard);
    if (votes) line.append((test.kind === "mushra" ? slider : choice)(answer, part, sound));
    return line;
  }

  function check() {
    const trial = order[state.at];
    const answer = answerOf(trial);
    const unheard = partsOf(trial, answer).filter(({ part }) => !answer.heard.includes(part));
    get("next").disabled = !complete(trial);
    get("hint").textContent = unheard.length
      ? "Still to be heard to the end: " + unheard.map(({ part }) => part).join(", ")
      : complete(trial) ? "" : "Now give your answer.";
  }
  function show() {
    stop();
    const ended = state.at >= order.length;
    get("start").hidden = true;
    get("trial").hidden = ended;
    get("end").hidden = !ended;
    get("save").hidden = !ended && state.at === 0;
    if (ended) {
      get("summary").textContent =
        `${state.listener}, all ${order.length} questions are answered. Save the file and send it ` +
        "to whoever asked you.";
      get("end-title").focus();
      return;
    }
    const trial = order[state.at];
    const answer = answerOf(trial);
    get("progress").textContent = `Question ${state.at + 1} of ${order.length}`;
    Object.assign(get("bar"), { max: order.length, value: state.at });
    get("question").textContent = trial.question;
    get("text").textContent = trial.text ? `“${trial.text}”` : "";
    get("sounds").replaceChildren(...partsOf(trial, answer).map((p, i) => row(answer, p, i)));
    get("back").disabled = state.at === 0;
    keep();
    check();
    get("question").focus();
  }
  function begin() {
    order = shuffled(test.trials, chance("order"));
    show();
  }
  function move(step) {
    state.at += step;
    if (state.at >= order.length && !state.finished) state.finished = new Date().toISOString();
    keep();
    show();
  }

  function result() {
    const answers = order.filter(complete).map((trial) => {
      const { shown, x, values } = state.answers[trial.id];
      return { trial: trial.id, shown, x, values };
    });
    const { listener, started, finished } = state;
    return { format: 1, test: test.test, kind: test.kind, listener, started, finished, answers };
  }
  function table() {
    const cell = (value) => `"${String(value).replaceAll('"', '""')}"`;
    const lines = [["test", "kind", "listener", "trial", "position", "stimulus", "x", "value"]];
    for (const { trial, shown, x, values } of result().answers) {
      shown.forEach((sound, i) => {
        lines.push([test.test, test.kind, state.listener, trial, i, sound, x, values[sound]]);
      });
    }
    return lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
  }
  function save(text, kind, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = `${test.kind}-${state.listener.replace(/[^\p{L}\p{N}_-]+/gu, "_")}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  get("start").addEventListener("submit", (event) => {
    event.preventDefault();
    const listener = get("listener").value.trim();
    if (!listener) return;
    state = { listener, started: new Date().toISOString(), finished: "", at: 0, answers: {} };
    begin();
  });
  get("next").addEventListener("click", () => move(1));
  get("back").addEventListener("click", () => move(-1));
  get("json").addEventListener("click", () => {
    save(JSON.stringify(result(), null, 1), "application/json", "json");
  });
  get("csv").addEventListener("click", () => save(table(), "text/csv", "csv"));
  get("again").addEventListener("click", () => {
    if (!confirm("Throw these answers away and begin anew?")) return;
    try {
      localStorage.removeItem(place);
    } catch { /* nothing was kept */ }
    stop();
    state = null;
    for (const id of ["trial", "end", "save"]) get(id).hidden = true;
    get("start").hidden = false;
    get("listener").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.type === "text" || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = document.querySelector(`#sounds [data-key="${CSS.escape(event.key)}"]`);
    if (button && !get("trial").hidden) play(button);
  });

  state = kept();
  if (state && state.answers) {
    get("notice").textContent = `Welcome back, ${state.listener}: your answers were kept.`;
    begin();
  } else {
    get("start").hidden = false;
  }
})();
