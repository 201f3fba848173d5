// The page: a tab for each model, and what is said of it.

const MODELS = CONTENT.models.map((facts) => ({
  ...facts,
  networks: facts.networks.map((network) => new Network(network)),
}));

function described(model) {
  const parameters = model.networks.reduce((sum, network) => sum + network.facts.parameters, 0);
  const source = model.arxiv ? h("a", { href: `https://arxiv.org/abs/${model.arxiv}`, rel: "noreferrer" }, model.paper) : model.paper;
  const lines = [
    ["Family", [`${model.family}: `, source]],
    ["Parameters", [parameters.toLocaleString("en-US")]],
    ["Trained on", model.data ? [model.data] : null],
    ["Credit", model.credit ? [model.credit] : null],
    ["Licence of the weights", model.licence ? [model.licence] : null],
    ["Characters", model.content.characters ? [model.content.characters.credit] : null],
  ];
  return h("details", { class: "facts" }, h("summary", {}, "About this model"),
    h("dl", {}, lines.filter(([, words]) => words).map(([name, words]) => [h("dt", {}, name), h("dd", {}, words)])));
}

function panelOf(model, index) {
  return h("section", { class: "panel", id: `panel-${index}`, role: MODELS.length > 1 ? "tabpanel" : "region",
    "aria-labelledby": MODELS.length > 1 ? `tab-${index}` : `name-${index}`, hidden: index > 0 },
    h("div", { class: "title" }, h("h2", { id: `name-${index}` }, model.name), h("p", {}, model.summary)),
    described(model));
}

const panels = MODELS.map(panelOf);
const tabs = MODELS.map((model, index) =>
  h("button", { type: "button", role: "tab", id: `tab-${index}`, "aria-controls": `panel-${index}`,
    click: () => show(index).catch(() => {}), keydown: (event) => tabKey(event, index) }, model.name));

function show(index) {
  tabs.forEach((tab, i) => {
    tab.setAttribute("aria-selected", String(i === index));
    tab.tabIndex = i === index ? 0 : -1;
  });
  panels.forEach((panel, i) => (panel.hidden = i !== index));
  return start(MODELS[index], panels[index]).then(() => broken || state("Ready"));
}

function tabKey(event, index) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = (index + step + MODELS.length) % MODELS.length;
  tabs[next].focus();
  show(next).catch(() => {});
}

// Builds a model's panel the first time that it is seen.
function start(model, panel) {
  model.ready ??= (async () => {
    state(`Opening ${model.name}`);
    await breath();
    await CONTROLS[model.task](panel, model);
    await Promise.all([runtime(), ...model.networks.map((network) => network.session)]); // or says why not
    document.documentElement.dataset.ready = model.name;
  })().catch((error) => {
    failed(error);
    throw error;
  });
  model.ready.catch(() => {});
  return model.ready;
}

document.getElementById("about").append(
  `Made by ganzoo ${CONTENT.version}. The models run in this browser, by ${CONTENT.runtimeName} (MIT, Microsoft); ` +
    (typeof CONTENT.runtime[0] === "number" ? "nothing is sent or fetched." : "it is fetched from a CDN, nothing else is."),
);
document.getElementById("tabs").append(...tabs);
document.getElementById("tabs").hidden = MODELS.length < 2;
document.getElementById("models").append(...panels);
// For the browser's console: `await ganzoo.models.dcgan_mnist.ready`, `.sample(0, 64)`.
window.ganzoo = { models: Object.fromEntries(MODELS.map((model) => [model.name, model])), show };
if (typeof DecompressionStream === "undefined" || typeof WebAssembly === "undefined") {
  state("This browser is too old for this page: it lacks WebAssembly or DecompressionStream.", true);
} else {
  show(0).catch(() => {});
}
