// The panel of a model that enlarges pictures: one of any size, in overlapping tiles without seams.

const MAX_MADE_PIXELS = 2e7;

// Where one side is cut, as ganzoo.game.tiles has it: [begin of a tile, begin and end of what it gives].
function cutsOf({ tile, stride, before }, size) {
  if (size <= tile) return [[0, 0, size]];
  const begins = [];
  for (let begin = 0; begin < size - tile; begin += stride) begins.push(begin);
  begins.push(size - tile);
  const edges = [0, ...begins.slice(1).map((begin) => begin + before), size];
  return begins.map((begin, i) => [begin, edges[i], edges[i + 1]]);
}

// Returns the numbers in [-1, 1] of RGBA bytes, (height, width, channels); one channel is their mean.
function numbersOfPixels(pixels, channels) {
  const made = new Float32Array((pixels.length / 4) * channels);
  for (let i = 0, from = 0; from < pixels.length; i += channels, from += 4) {
    const levels = channels === 3 ? [0, 1, 2].map((k) => pixels[from + k]) : [luma(pixels, from)];
    levels.forEach((level, k) => (made[i + k] = Math.fround(Math.fround(level / 127.5) - 1)));
  }
  return made;
}

function luma(pixels, from) {
  return 0.299 * pixels[from] + 0.587 * pixels[from + 1] + 0.114 * pixels[from + 2];
}

async function enlargingPanel(panel, model) {
  const { scale, channels, cuts } = model.content;
  const network = model.networks[0];
  const plain = pictureCanvas("The picture, enlarged by the browser");
  const made = pictureCanvas("The picture, enlarged by the model");
  const note = h("p", { class: "words" }, `Choose a picture, or drop one here: its sides become ${scale} times as long. It stays on this machine.`);

  // Returns the enlarged picture, {data, dims}, of numbers (height, width, channels) in [-1, 1].
  async function enlarge(data, [height, width], progress = () => {}) {
    const whole = cuts ?? { tile: Infinity };
    const [rows, columns] = [height, width].map((size) => cutsOf(whole, size));
    const [tall, wide] = [height, width].map((size) => Math.min(whole.tile, size));
    const result = new Float32Array(height * width * channels * scale * scale);
    let done = 0;
    for (const [top, rowBegin, rowEnd] of rows) {
      for (const [left, columnBegin, columnEnd] of columns) {
        const tile = new Float32Array(tall * wide * channels);
        for (let y = 0; y < tall; y++) {
          const from = ((top + y) * width + left) * channels;
          tile.set(data.subarray(from, from + wide * channels), y * wide * channels);
        }
        const large = await network.run({ [network.facts.inputs[0]]: [tile, [1, tall, wide, channels]] });
        const [begin, end] = [columnBegin - left, columnEnd - left].map((x) => x * scale * channels);
        for (let y = rowBegin * scale; y < rowEnd * scale; y++) {
          const from = (y - top * scale) * wide * scale * channels;
          result.set(large.data.subarray(from + begin, from + end), (y * width + columnBegin) * scale * channels);
        }
        progress(++done, rows.length * columns.length);
        await breath();
      }
    }
    return { data: result.map((x) => Math.min(1, Math.max(-1, x))), dims: [1, height * scale, width * scale, channels] };
  }

  async function show(bitmap, name) {
    const [height, width] = [bitmap.height, bitmap.width];
    if (height * width * scale * scale > MAX_MADE_PIXELS) {
      return state(`${name} would have ${width * scale}x${height * scale} pixels; at most ${MAX_MADE_PIXELS / 1e6} million are made.`, true);
    }
    state(`Enlarging ${name}`);
    const image = pixelsOf(bitmap);
    const begun = performance.now();
    const large = await enlarge(numbersOfPixels(image.data, channels), [height, width], (done, of) =>
      state(`Enlarging ${name}: ${done} of ${of} tiles`));
    drawPicture(made, large, false);
    resized(plain, width * scale, height * scale);
    const context = plain.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, plain.width, plain.height);
    pictures.hidden = false;
    save.disabled = false;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    note.textContent = `${name}, ${width}x${height} pixels, now ${made.width}x${made.height}, in ${seconds} s.`;
    state("Ready");
  }

  const save = button("Save result", () => saveCanvas(made, `${model.name}.png`, 1), { disabled: true });
  const pictures = h("div", { class: "beside", hidden: true },
    h("figure", {}, plain, h("figcaption", {}, "Enlarged by the browser")), h("figure", {}, made, h("figcaption", {}, "Enlarged by the model")));
  panel.append(part("Sharper", null, note,
    h("div", { class: "row" }, fileButton(panel, "Open a picture", show), save), pictures));
  model.enlarge = (data, size) => enlarge(Float32Array.from(data), size);
  model.show = show;
  state(`Opening ${model.name}`);
  network.session ??= network.open();
  await network.session;
  state("Ready");
}

CONTROLS.superresolution = enlargingPanel;
