// What lies around one picture, and between four: sliders along directions, and a map.

const REACH = 4, MAP = 5;

// One picture of the grid, moved along the directions that change it most.
class OnePicture {
  constructor(model, generator, grid) {
    this.generator = generator;
    this.grid = grid;
    this.directions = model.content.directions.map((one) => ({ ...one, vectors: numbersOf(one.vectors) }));
    this.steps = this.directions[0].gains.map(() => 0);
    this.mix = { from: 0, to: generator.classes ? 1 : 0, t: 0 };
    this.draw = latest(() => this.drawNow());
    this.node = this.build();
  }

  build() {
    this.canvas = pictureCanvas("The chosen picture, moved by the sliders", { class: "picture large" });
    this.sliders = this.steps.map((_, k) =>
      slider(`Direction ${k + 1}`, { min: -REACH, max: REACH, step: 0.1, value: 0 }, (value) => {
        this.steps[k] = value;
        this.draw();
      }));
    const reset = button("Back to the start", () => this.reset());
    return part("Around one picture",
      "The directions of the latent space along which the picture changes most, the strongest first.",
      h("div", { class: "beside" }, this.canvas,
        h("div", { class: "sliders" }, this.generator.classes ? this.buildMix() : null,
          this.sliders.map((one) => one.field), reset)));
  }

  buildMix() {
    const names = this.generator.classes.map(classWords);
    const t = slider("From one label to the other", { min: 0, max: 1, step: 0.01, value: 0, say: (v) => `${Math.round(100 * v)} %` },
      (value) => ((this.mix.t = value), this.draw()));
    const from = select("From", names, 0, (index) => ((this.mix.from = index), this.draw()));
    const to = select("To", names, 1, (index) => ((this.mix.to = index), this.draw()));
    this.setMix = (first, last) => {
      Object.assign(this.mix, { from: first, to: last });
      from.input.value = first;
      to.input.value = last;
    };
    return h("div", { class: "mix" }, h("div", { class: "row" }, from.field, to.field), t.field);
  }

  reset() {
    this.steps.fill(0);
    this.sliders.forEach((one) => one.set(0));
    this.draw();
  }

  // Returns the latent that the sliders say, and its condition.
  place() {
    const { from, to, t } = this.mix;
    const near = this.directions[this.generator.classes ? (t < 0.5 ? from : to) : 0];
    const condition = this.generator.classes && mixture(this.generator.classes, from, to, t);
    return [moved(this.grid.latent(), near.vectors, this.steps), condition];
  }

  async drawNow() {
    const [latent, condition] = this.place();
    drawPicture(this.canvas, await this.generator.make(latent, 1, condition), this.grid.inverted);
  }
}

// A row from one label to the other, of one latent.
class LabelRow {
  constructor(generator, grid, one) {
    Object.assign(this, { generator, grid, one });
    this.canvas = pictureCanvas("The chosen picture, from one label to the other in eight steps", { class: "picture strip" });
    this.draw = latest(() => this.drawNow());
    this.node = h("figure", {}, this.canvas,
      h("figcaption", {}, "The same latent from one label to the other, in eight steps"));
  }

  async drawNow() {
    const { classes, size } = this.generator;
    const { from, to } = this.one.mix;
    const latents = new Float32Array(8 * size), condition = new Float32Array(8 * classes.length);
    for (let i = 0; i < 8; i++) {
      latents.set(this.grid.latent(), i * size);
      condition.set(mixture(classes, from, to, i / 7), i * classes.length);
    }
    drawGrid(this.canvas, await this.generator.make(latents, 8, condition), 8, this.grid.inverted);
  }
}

// All that lies between four pictures of the grid: a map to drag over, and the picture at that place.
class Corners {
  constructor(generator, grid, one) {
    Object.assign(this, { generator, grid, one });
    this.across = this.down = 0.5;
    this.drawMap = latest(() => this.drawMapNow());
    this.draw = latest(() => this.drawNow());
    this.node = this.build();
  }

  build() {
    this.map = pictureCanvas("Pictures between the four corners", { class: "picture" });
    this.canvas = pictureCanvas("The picture at the chosen place", { class: "picture large" });
    this.handle = h("div", { class: "handle", "aria-hidden": "true" });
    const pad = h("div", { class: "framed pad",
      pointerdown: (event) => (event.currentTarget.setPointerCapture(event.pointerId), this.dragged(event)),
      pointermove: (event) => event.buttons && this.dragged(event) }, this.map, this.handle);
    const say = (v) => `${Math.round(100 * v)} %`;
    const form = (text, name) => slider(text, { min: 0, max: 1, step: 0.01, value: 0.5, say }, (value) => {
      this[name] = value;
      this.show();
    });
    this.sliders = { across: form("Across", "across"), down: form("Down", "down") };
    return part("Between four pictures", "Drag over the map: its corners are the corners of the grid above.",
      h("div", { class: "beside" }, pad,
        h("div", { class: "sliders" }, this.canvas, this.sliders.across.field, this.sliders.down.field)));
  }

  dragged(event) {
    const box = this.map.getBoundingClientRect();
    const share = (at, begin, length) => Math.min(1, Math.max(0, (at - begin) / length));
    this.across = share(event.clientX, box.left, box.width);
    this.down = share(event.clientY, box.top, box.height);
    this.sliders.across.set(this.across);
    this.sliders.down.set(this.down);
    this.show();
  }

  show() {
    this.handle.style.left = `${100 * this.across}%`;
    this.handle.style.top = `${100 * this.down}%`;
    this.draw();
  }

  corners() {
    return [0, GRID_COLUMNS - 1, GRID - GRID_COLUMNS, GRID - 1].map((index) => this.grid.latent(index));
  }

  condition(n) {
    const { classes } = this.generator;
    if (!classes) return null;
    const { from, to, t } = this.one.mix;
    const one = mixture(classes, from, to, t);
    return Float32Array.from({ length: n * classes.length }, (_, i) => one[i % classes.length]);
  }

  async drawMapNow() {
    const corners = this.corners(), latents = new Float32Array(MAP * MAP * this.generator.size);
    for (let i = 0; i < MAP * MAP; i++) {
      const [across, down] = [(i % MAP) / (MAP - 1), Math.floor(i / MAP) / (MAP - 1)];
      latents.set(between(corners, across, down), i * this.generator.size);
    }
    drawGrid(this.map, await this.generator.make(latents, MAP * MAP, this.condition(MAP * MAP)), MAP, this.grid.inverted);
    this.show();
  }

  async drawNow() {
    const latent = between(this.corners(), this.across, this.down);
    drawPicture(this.canvas, await this.generator.make(latent, 1, this.condition(1)), this.grid.inverted);
  }
}
