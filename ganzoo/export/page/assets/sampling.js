// The panels of models that draw pictures from latents, with or without labels.

async function samplingPanel(panel, model) {
  const generator = new Generator(model);
  const grid = new SeedGrid(model, generator, () => changed());
  const one = new OnePicture(model, generator, grid);
  const strip = generator.classes ? new LabelRow(generator, grid, one) : null;
  const corners = new Corners(generator, grid, one);
  let mapped = "";

  // Draws what depends on the chosen picture; the map only where its corners or labels are others.
  async function changed() {
    await one.draw();
    await strip?.draw();
    const key = JSON.stringify([grid.seed.value, one.mix, grid.inverted]);
    if (key !== mapped) {
      mapped = key;
      await corners.drawMap();
    }
  }

  if (generator.classes) {
    // A label that is chosen for the grid is where the single picture begins.
    grid.node.addEventListener("change", () => {
      if (grid.label === null || grid.label === one.mix.from) return;
      const other = (grid.label + 1) % generator.classes.length;
      one.setMix(grid.label, other);
    });
    one.node.addEventListener("change", () => changed());
    one.node.querySelector(".beside").after(strip.node);
  }
  grid.node.addEventListener("change", () => grid.made && changed());
  panel.append(grid.node, one.node, corners.node);
  model.sample = async (seed, n, label = null) => {
    const latents = drawLatents(n, generator.size, BigInt(seed));
    return generator.make(latents, n, generator.classes && conditions(generator.classes, n, label));
  };
  await grid.draw();
}

CONTROLS.sampling = CONTROLS.labelled = samplingPanel;
