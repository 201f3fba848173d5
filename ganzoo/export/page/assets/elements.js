// Elements of the page, made by functions; ids are counted, so that labels find their inputs.

let counted = 0;

// Returns an element: h("p", {class: "note"}, "text", child). A function is a listener.
function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

// Returns an input below its label: {field, input}.
function labelled(text, input) {
  input.id ||= `field-${++counted}`;
  return { field: h("div", { class: "field" }, h("label", { for: input.id }, text), input), input };
}

// Returns a slider with its value beside the label; `say` turns the value into words.
function slider(text, { min, max, step, value, say = (v) => v.toFixed(1), label }, changed) {
  const input = h("input", { type: "range", min, max, step, value, "aria-label": label });
  const shown = h("output", {});
  const { field } = labelled(text, input);
  field.querySelector("label").append(" ", shown);
  const show = () => {
    shown.textContent = say(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", () => (show(), changed(Number(input.value))));
  show();
  const set = (number) => ((input.value = number), show());
  return { field, input, set, get: () => Number(input.value) };
}

function button(text, pressed, properties = {}) {
  return h("button", { type: "button", click: pressed, ...properties }, text);
}

// Returns buttons of which one is chosen, as radio buttons: arrow keys move.
function choice(text, names, chosen, changed) {
  const group = `choice-${++counted}`;
  const options = names.map((name, index) =>
    h("label", { class: "option" },
      h("input", { type: "radio", name: group, value: index, checked: index === chosen, change: () => changed(index) }),
      h("span", {}, name)));
  const field = h("fieldset", { class: "choice" }, h("legend", {}, text), h("div", { class: "options" }, options));
  const set = (index) => (options[index].firstChild.checked = true);
  return { field, set };
}

function select(text, names, chosen, changed) {
  const input = h("select", { change: () => changed(Number(input.value)) },
    names.map((name, index) => h("option", { value: index, selected: index === chosen }, name)));
  return { ...labelled(text, input), get: () => Number(input.value) };
}

function checkbox(text, checked, changed) {
  const input = h("input", { type: "checkbox", checked, change: () => changed(input.checked) });
  return { field: h("label", { class: "check" }, input, " ", text), input };
}

// Returns a part of a panel: a title, a line of words, and what belongs to it.
function part(title, words, ...children) {
  const id = `part-title-${++counted}`;
  return h("section", { class: "part", "aria-labelledby": id },
    h("h3", { id }, title), words ? h("p", { class: "words" }, words) : null, children);
}

// Returns a function that runs a job with the latest arguments alone: while one runs, what comes
// replaces what waits, so that a slider never lags behind.
function latest(job) {
  let running = null, waiting = null;
  async function run() {
    while (waiting) {
      const given = waiting;
      waiting = null;
      try {
        await job(...given);
      } catch (error) {
        failed(error);
      }
    }
    running = null;
  }
  return (...given) => {
    waiting = given;
    running ??= run();
    return running;
  };
}

// Lets the browser draw before a longer computation.
function breath() {
  return new Promise((done) => setTimeout(done, 0));
}

function state(text, wrong = false) {
  const place = document.getElementById("state");
  place.textContent = text;
  place.classList.toggle("wrong", wrong);
}

let broken = false; // once something failed, its line stays

function failed(error) {
  broken = true;
  state(`This did not work: ${error.message ?? error}`, true);
}
