// The panel of a model that colours pictures: one of any size, whose lightness stays as it is.

async function coloursPanel(panel, model) {
  const [height, width] = model.content.size;
  const network = model.networks[0];
  const grey = pictureCanvas("The picture without its colours");
  const coloured = pictureCanvas("The picture with the model's colours");
  const note = h("p", { class: "words" }, `Choose a picture, or drop one here: it is made grey first. It stays on this machine.`);

  // Returns RGBA pixels with colours of a picture, {data, width, height}: a picture goes into the
  // network in the size of the training, and what comes out is enlarged again.
  async function colorized(image) {
    const size = [image.height, image.width];
    const lightness = lightnessOf(image.data);
    const small = resizedPicture(lightness, size, [height, width]).map((x) => Math.min(1, Math.max(-1, x)));
    const made = await network.run({ [network.facts.inputs[0]]: [small, [1, height, width, 1]] });
    const [a, b] = [0, 1].map((k) =>
      resizedPicture(made.data.filter((_, i) => i % 2 === k), [height, width], size));
    const result = new ImageData(image.width, image.height), none = new Float32Array(lightness.length);
    const plain = new ImageData(image.width, image.height);
    for (let line = 0; line < image.height; line += 64) {
      const [from, to] = [line * image.width, Math.min(line + 64, image.height) * image.width];
      writeJoined(plain.data, lightness, none, none, from, to);
      writeJoined(result.data, lightness, a, b, from, to);
      await breath();
    }
    return { result, plain };
  }

  async function show(bitmap, name) {
    state(`Colouring ${name}`);
    const { result, plain } = await colorized(pixelsOf(bitmap));
    for (const [canvas, image] of [[grey, plain], [coloured, result]]) {
      resized(canvas, image.width, image.height);
      canvas.getContext("2d").putImageData(image, 0, 0);
    }
    pictures.hidden = false;
    save.disabled = false;
    note.textContent = `${name}, ${result.width}x${result.height} pixels; the network sees ${width}x${height} of them.`;
    state("Ready");
  }

  const save = button("Save result", () => saveCanvas(coloured, `${model.name}.png`, 1), { disabled: true });
  const pictures = h("div", { class: "beside", hidden: true },
    h("figure", {}, grey, h("figcaption", {}, "What goes in")), h("figure", {}, coloured, h("figcaption", {}, "What comes out")));
  panel.append(part("Colours", null, note,
    h("div", { class: "row" }, fileButton(panel, "Open a picture", show), save), pictures));
  model.colorize = async (data, size) => colorized({ data: new Uint8ClampedArray(data), height: size[0], width: size[1] });
  model.show = show;
  state(`Opening ${model.name}`);
  network.session ??= network.open();
  await network.session;
  state("Ready");
}

CONTROLS.colorization = coloursPanel;
