// A paper to draw on, with a mouse, a pen or a finger: it gives pictures of the size that a network takes.

const FINE = 8; // pixels of the paper for one of the network's

class Paper {
  // Args: shape [h, w, c] of the network; ink: whether it takes bright ink on dark, drawn dark on light.
  constructor(shape, ink, changed, pen = 2) {
    [this.height, this.width, this.channels] = shape;
    Object.assign(this, { ink, changed, pen, colour: "#000000" });
    this.ground = null; // a picture file or an example below the strokes, as a canvas of the paper's size
    this.strokes = [];
    this.undone = [];
    this.canvas = h("canvas", { class: "paper", width: this.width * FINE, height: this.height * FINE, tabindex: 0, role: "img",
      "aria-label": "Paper to draw on. With the keyboard: choose an example or a picture file.",
      pointerdown: (event) => this.begin(event), pointermove: (event) => this.go(event),
      pointerup: () => (this.drawing = false), pointercancel: () => (this.drawing = false),
      keydown: (event) => this.key(event) });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.paint();
  }

  tools() {
    this.undoButton = button("Undo", () => this.undo());
    this.clearButton = button("Clear", () => this.clear());
    const colour = h("input", { type: "color", value: this.colour, "aria-label": "Colour of the pen",
      input: () => (this.colour = colour.value) });
    const width = slider("Pen", { min: 0.8, max: 6, step: 0.1, value: this.pen }, (value) => (this.pen = value));
    return [this.undoButton, this.clearButton, width.field, this.channels === 3 ? colour : null];
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  begin(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    this.strokes.push({ points: [this.place(event)], width: this.pen, colour: this.colour });
    this.update();
  }

  go(event) {
    if (!this.drawing) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.strokes.at(-1).points.push(this.place(each));
    this.update();
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") this.undo();
    else if (event.key === "Delete") this.clear();
    else return;
    event.preventDefault();
  }

  undo() {
    if (this.strokes.length) this.strokes.pop();
    else if (this.ground) this.ground = null;
    this.update();
  }

  clear() {
    this.strokes = [];
    this.ground = null;
    this.update();
  }

  // Shows a drawing of lines of points in a square of side 1.
  lines(lines) {
    this.ground = null;
    this.strokes = lines.map((points) => ({ points, width: this.pen, colour: "#000000" }));
    this.update();
  }

  // Shows a picture file as large as it fits, over white.
  file(bitmap) {
    const made = h("canvas", { width: this.canvas.width, height: this.canvas.height });
    const context = made.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, made.width, made.height);
    context.imageSmoothingQuality = "high";
    const scale = Math.min(made.width / bitmap.width, made.height / bitmap.height);
    const [w, hh] = [bitmap.width * scale, bitmap.height * scale];
    context.drawImage(bitmap, (made.width - w) / 2, (made.height - hh) / 2, w, hh);
    this.strokes = [];
    this.ground = made;
    this.update();
  }

  // Shows a picture (a flat array in [-1, 1]) as the network takes it, pixel by pixel.
  picture(data) {
    const small = h("canvas", {});
    drawGrid(small, { data, dims: [1, this.height, this.width, this.channels] }, 1, this.ink, 0);
    const made = h("canvas", { width: this.canvas.width, height: this.canvas.height });
    const context = made.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, made.width, made.height);
    this.strokes = [];
    this.ground = made;
    this.update();
  }

  update() {
    this.paint();
    this.changed();
  }

  paint() {
    const { context, canvas } = this;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (this.ground) context.drawImage(this.ground, 0, 0);
    context.lineCap = context.lineJoin = "round";
    for (const { points, width, colour } of this.strokes) {
      context.strokeStyle = colour;
      context.lineWidth = width * FINE;
      context.beginPath();
      points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
      if (points.length === 1) context.lineTo(points[0][0] * canvas.width + 0.01, points[0][1] * canvas.height);
      context.stroke();
    }
    if (this.undoButton) {
      this.undoButton.disabled = !this.strokes.length && !this.ground;
      this.clearButton.disabled = this.undoButton.disabled;
    }
  }

  // Returns what is on the paper as the network takes it: [flat array in [-1, 1], [1, h, w, c]].
  // Each of its pixels is the mean of FINE x FINE of the paper's; grey is ITU-R 601's, as Pillow's.
  source() {
    const { data } = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    const { height, width, channels } = this;
    const made = new Float32Array(height * width * channels);
    const sums = new Float64Array(3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        sums.fill(0);
        for (let dy = 0; dy < FINE; dy++) {
          let from = 4 * ((y * FINE + dy) * this.canvas.width + x * FINE);
          for (let dx = 0; dx < FINE; dx++, from += 4) for (let k = 0; k < 3; k++) sums[k] += data[from + k];
        }
        const [r, g, b] = sums.map((sum) => sum / (FINE * FINE));
        const grey = 0.299 * r + 0.587 * g + 0.114 * b;
        for (let k = 0; k < channels; k++) {
          const value = (channels < 3 ? grey : k < 3 ? [r, g, b][k] : 255) / 127.5 - 1;
          made[(y * width + x) * channels + k] = this.ink ? -value : value;
        }
      }
    }
    return [made, [1, height, width, channels]];
  }
}

// Returns the buttons of what a paper can begin with, and shows the first one.
function exampleButtons(paper, content) {
  if (content.characters) {
    const { names, pictures, first } = content.characters;
    const all = numbersOf(pictures), size = paper.height * paper.width;
    const character = (index) => row(all, index, size);
    // Buttons show pictures, as not every machine has a font of these characters.
    const nodes = names.map((name, index) => {
      const face = h("canvas", { "aria-hidden": "true" });
      drawPicture(face, { data: character(index), dims: [1, paper.height, paper.width, 1] }, true);
      return h("button", { type: "button", class: "character", "aria-label": `The character ${name}`,
        click: () => paper.picture(character(index)) }, face);
    });
    return { show: () => paper.picture(character(first)), nodes };
  }
  const names = Object.keys(DRAWINGS);
  return { show: () => paper.lines(DRAWINGS[names[0]]), nodes: names.map((name) => button(name, () => paper.lines(DRAWINGS[name]))) };
}
