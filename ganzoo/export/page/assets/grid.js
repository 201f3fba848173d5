// The grid of a seed: the pictures that `ganzoo sample NAME --seed S` draws, and one of them chosen.

const GRID = 64, GRID_COLUMNS = 8, GRID_BATCH = 4;

// Makes pictures of latents, with a condition where the model takes labels.
class Generator {
  constructor(model) {
    this.network = model.networks[0];
    this.size = model.content.latentDim;
    this.classes = model.content.classes ?? null;
    this.shape = model.content.shape;
  }

  // Returns pictures of n latents (a flat array); conditions are a flat array too.
  async make(latents, n, condition = null) {
    const inputs = { latents: [latents, [n, this.size]] };
    if (this.classes) inputs.condition = [condition, [n, this.classes.length]];
    return this.network.run(inputs);
  }
}


class SeedGrid {
  constructor(model, generator, chosen) {
    this.model = model;
    this.generator = generator;
    this.inverted = model.content.inverted;
    this.label = null;
    this.index = 0;
    this.whenChosen = chosen;
    this.draw = latest(() => this.drawNow());
    this.node = this.build();
  }

  build() {
    const { classes } = this.generator;
    this.seed = h("input", { type: "text", inputmode: "numeric", value: "0", autocomplete: "off", size: 12,
      input: () => this.seedChanged() });
    this.canvas = h("canvas", { class: "picture grid", tabindex: 0, role: "slider", width: 1, height: 1,
      "aria-label": "Chosen picture", "aria-valuemin": 1, "aria-valuemax": GRID,
      click: (event) => this.clicked(event), keydown: (event) => this.moved(event) });
    this.mark = h("div", { class: "mark-one", "aria-hidden": "true" });
    this.command = h("code", {});
    const name = this.model.name;
    const save = () => saveCanvas(this.canvas, `${name}-${this.seed.value.trim()}.png`);
    const labels = classes && choice("Label", ["All in turn", ...classes.map(classWords)], 0, (index) => {
      this.label = index ? index - 1 : null;
      this.draw();
    });
    const paper = checkbox("Dark on light", this.inverted, (on) => {
      this.inverted = on;
      this.repaint();
    });
    return part("Pictures of a seed", "Choose one for what follows: with the pointer, or with the arrow keys.",
      h("div", { class: "row" }, labelled("Seed", this.seed).field,
        button("Another seed", () => this.another()), button("Save picture", save),
        this.model.content.shape[2] === 1 ? paper.field : null),
      labels ? labels.field : null,
      h("div", { class: "framed" }, this.canvas, this.mark),
      h("p", { class: "words" }, "In Python: ", this.command));
  }

  another() {
    this.seed.value = String(Math.floor(Math.random() * 1e6));
    this.seedChanged();
  }

  seedChanged() {
    const right = isWhole(this.seed.value);
    this.seed.setAttribute("aria-invalid", String(!right));
    if (right) (state("Drawing"), this.draw());
    else state("A seed is a whole number from 0.", true);
  }

  async drawNow() {
    const { generator } = this;
    const seed = this.seed.value.trim();
    this.latents = drawLatents(GRID, generator.size, BigInt(seed));
    const condition = generator.classes && conditions(generator.classes, GRID, this.label);
    const [hh, w, c] = generator.shape;
    const made = { data: new Float32Array(GRID * hh * w * c).fill(-1), dims: [GRID, hh, w, c] };
    for (let start = 0; start < GRID; start += GRID_BATCH) {
      const some = await generator.make(
        this.latents.slice(start * generator.size, (start + GRID_BATCH) * generator.size), GRID_BATCH,
        condition && condition.slice(start * generator.classes.length, (start + GRID_BATCH) * generator.classes.length));
      made.data.set(some.data, start * hh * w * c);
      this.made = made;
      this.repaint();
      await breath();
    }
    state("Ready");
    await this.whenChosen();
  }

  repaint() {
    if (!this.made) return;
    drawGrid(this.canvas, this.made, GRID_COLUMNS, this.inverted);
    const label = this.label === null ? "" : ` --label ${this.generator.classes[this.label]}`;
    const paper = this.inverted ? " --invert" : "";
    this.command.textContent = `ganzoo sample ${this.model.name} --seed ${this.seed.value.trim()}${label}${paper}`;
    this.showChosen();
  }

  showChosen() {
    const [hh, w] = this.generator.shape;
    const [row_, column] = [Math.floor(this.index / GRID_COLUMNS), this.index % GRID_COLUMNS];
    const { width, height } = this.canvas;
    const percent = (share) => `${100 * share}%`;
    this.mark.style.left = percent((column * (w + 2)) / width);
    this.mark.style.top = percent((row_ * (hh + 2)) / height);
    this.mark.style.width = percent(w / width);
    this.mark.style.height = percent(hh / height);
    this.canvas.setAttribute("aria-valuenow", this.index + 1);
    this.canvas.setAttribute("aria-valuetext", `Picture ${this.index + 1} of ${GRID}`);
  }

  choose(index) {
    if (!this.made || index < 0 || index >= GRID) return;
    this.index = index;
    this.showChosen();
    this.whenChosen();
  }

  clicked(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * GRID_COLUMNS);
    const line = Math.floor(((event.clientY - box.top) / box.height) * (GRID / GRID_COLUMNS));
    this.choose(Math.min(line, 7) * GRID_COLUMNS + Math.min(column, 7));
  }

  moved(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -GRID_COLUMNS, ArrowDown: GRID_COLUMNS };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.choose(this.index + steps[event.key]);
  }

  // Returns the latent of a picture of the grid.
  latent(index = this.index) {
    return row(this.latents, index, this.generator.size);
  }
}
