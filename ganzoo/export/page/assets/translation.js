// The panels of models that turn pictures into pictures: what is drawn, and beside it what it becomes.

async function translationPanel(panel, model) {
  const { content } = model;
  let way = content.ways[0], paper = null;
  const made = pictureCanvas("What the model makes of it", { class: "picture large" });
  const place = h("div", {});
  const tools = h("div", { class: "row" });
  const caption = h("figcaption", {});

  const draw = latest(async () => {
    const network = model.networks[way.network];
    const result = await network.run({ [network.facts.inputs[0]]: paper.source() });
    drawPicture(made, result, content.inverted[way.to]);
    model.result = result;
  });

  const words = (side) => content.words[side] ?? (side.length === 1 ? `set ${side}` : side);

  function begin() {
    paper = new Paper(content.shapes[way.from], content.ink, draw, content.characters ? 3 : 0.028 * content.shapes[way.from][1]);
    model.paper = paper;
    place.replaceChildren(paper.canvas);
    const example = exampleButtons(paper, content);
    const file = fileButton(panel, "Open a picture", (bitmap) => paper.file(bitmap));
    const save = button("Save result", () => saveCanvas(made, `${model.name}.png`, 8));
    const invert = checkbox("The model takes light on dark", content.ink, (on) => ((paper.ink = on), draw()));
    tools.replaceChildren(...paper.tools().filter(Boolean), file, save,
      ...(content.shapes[way.from][2] === 1 ? [invert.field] : []));
    examples.replaceChildren(h("legend", {}, "Begin with"), h("div", { class: "options" }, example.nodes));
    caption.textContent = content.ways.length > 1 ? `What it becomes: ${words(way.to)}` : "What it becomes";
    example.show();
  }

  const examples = h("fieldset", {});
  const ways = content.ways.length > 1 ? choice("Direction", content.ways.map(({ from, to }) => `${words(from)} to ${words(to)}`), 0,
    (index) => ((way = content.ways[index]), begin())) : null;
  panel.append(part("Draw", `With a mouse, a pen or a finger; the picture follows as you draw. ${content.characters?.note ?? ""}`,
    ways ? ways.field : null, examples, tools,
    h("div", { class: "beside" }, h("figure", {}, place, h("figcaption", {}, "Your drawing")), h("figure", {}, made, caption))));
  model.translate = async (data, index = 0) => {
    const network = model.networks[content.ways[index].network];
    const shape = content.shapes[content.ways[index].from];
    return network.run({ [network.facts.inputs[0]]: [data, [data.length / (shape[0] * shape[1] * shape[2]), ...shape]] });
  };
  begin();
  await draw();
  state("Ready");
}

CONTROLS.translation = CONTROLS["unpaired translation"] = translationPanel;
