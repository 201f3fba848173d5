// The panel of a model that knows many styles: all of them, of what is drawn.

const STYLES_AT_ONCE = 4;

async function stylesPanel(panel, model) {
  const { content } = model;
  const network = model.networks[0];
  const shape = content.shapes.source, count = content.styles.length;
  const canvases = content.styles.map((name) => pictureCanvas(`In the style ${name}`));
  let round = 0;

  const draw = latest(async () => {
    const mine = ++round;
    const [data] = paper.source();
    for (let start = 0; start < count && mine === round; start += STYLES_AT_ONCE) {
      const labels = content.styles.map((_, index) => index).slice(start, start + STYLES_AT_ONCE);
      const made = await translate(data, labels);
      labels.forEach((label, index) => drawPicture(canvases[label], made, content.inverted.target, index));
      await breath();
    }
  });

  // Returns one picture in several styles.
  async function translate(data, labels) {
    const n = labels.length, sources = new Float32Array(n * data.length), condition = new Float32Array(n * count);
    labels.forEach((label, index) => {
      sources.set(data, index * data.length);
      condition[index * count + label] = 1;
    });
    const [source, weights] = network.facts.inputs;
    return network.run({ [source]: [sources, [n, ...shape]], [weights]: [condition, [n, count]] });
  }

  // What is drawn meanwhile stops the round that runs.
  const paper = new Paper(shape, content.ink, () => (round++, draw()), 3);
  const example = exampleButtons(paper, content);
  const tools = [...paper.tools().filter(Boolean), fileButton(panel, "Open a picture", (bitmap) => paper.file(bitmap))];
  const words = (name) => name.replaceAll("_", " ");
  panel.append(
    part("Draw", "Choose a character, draw over it, or draw one of your own.",
      h("div", { class: "beside" }, h("figure", {}, paper.canvas, h("figcaption", {}, "The source")),
        h("div", { class: "sliders" }, h("fieldset", {}, h("legend", {}, "Begin with"), h("div", { class: "options" }, example.nodes)),
          h("div", { class: "row" }, tools)))),
    part("In every style", null, h("div", { class: "styles" },
      content.styles.map((name, index) => h("figure", {}, canvases[index], h("figcaption", {}, words(name)))))));
  model.paper = paper;
  model.translate = translate;
  example.show();
  await draw();
  state("Ready");
}

CONTROLS["styled translation"] = stylesPanel;
