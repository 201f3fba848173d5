// The panel of a model of events: nine histograms that fill, beside those of true events.

const EVENTS_A_CLICK = 10000, EVENTS_AT_ONCE = 2500;

async function eventsPanel(panel, model) {
  const { content } = model;
  const network = model.networks[0];
  const truth = quantities(numbersOf(content.truth), content.beams);
  const histograms = content.panels.map((one) => new Histogram(one));
  let made = [], source = null, least = content.q2Min;

  const number = h("p", { class: "words", role: "status" });
  const seed = h("input", { type: "text", inputmode: "numeric", value: "0", autocomplete: "off", size: 12, input: () => again() });
  const command = h("code", {});
  const add = button(`${EVENTS_A_CLICK.toLocaleString("en-US")} events more`, () => fill(), { class: "main" });
  const low = Math.log10(content.q2Min), high = Math.log10(200);
  const cut = slider("Q² at least", { min: low, max: high, step: 0.01, value: low, say: (v) => (v <= low ? "no cut" : `${(10 ** v).toFixed(1)} GeV²`) },
    (value) => {
      least = value <= low ? -Infinity : 10 ** value;
      draw();
    });
  least = -Infinity;

  const words = (value) => value.toLocaleString("en-US");

  function again() {
    const right = isWhole(seed.value);
    seed.setAttribute("aria-invalid", String(!right));
    if (!right) return state("A seed is a whole number from 0.", true);
    made = [];
    source = new PCG64(BigInt(seed.value.trim()));
    return fill();
  }

  const fill = latest(async () => {
    add.disabled = true;
    const from = source;
    for (let done = 0; done < EVENTS_A_CLICK && from === source; done += EVENTS_AT_ONCE) {
      const latents = Float32Array.from({ length: EVENTS_AT_ONCE * content.latentDim }, () => nextNormal(from));
      const result = await network.run({ [network.facts.inputs[0]]: [latents, [EVENTS_AT_ONCE, content.latentDim]] });
      if (from !== source) break;
      made.push({ momenta: result.data, ...quantities(result.data, content.beams) });
      draw();
      await breath();
    }
    add.disabled = false;
    state("Ready");
  });

  function draw() {
    const kept = (all) => all.reduce((sum, one) => sum + one.Q2.filter((q) => q >= least).length, 0);
    for (const histogram of histograms) {
      const count = (one) => counts(one[histogram.name], histogram.edges, one.Q2, least);
      const ours = new Float64Array(histogram.edges.length - 1);
      for (const one of made) count(one).forEach((value, bin) => (ours[bin] += value));
      histogram.draw(count(truth), ours);
    }
    const total = made.reduce((sum, one) => sum + one.Q2.length, 0);
    number.textContent = Number.isFinite(least)
      ? `${words(kept(made))} of ${words(total)} generated events and ${words(kept([truth]))} of ${words(truth.Q2.length)} of Pythia's pass the cut.`
      : `${words(total)} generated events.`;
    const cutWords = Number.isFinite(least) ? ` --q2min ${least.toFixed(1)}` : "";
    command.textContent = `ganzoo sample ${model.name} -n ${Math.max(kept(made), 1)} --seed ${seed.value.trim()}${cutWords}`;
  }

  panel.append(part("Events", `Scattered electrons of ${content.beams.join(" x ")} GeV electron-proton collisions, beside ${words(truth.Q2.length)} of Pythia 8.`,
    h("div", { class: "row" }, labelled("Seed", seed).field, add, cut.field),
    number,
    h("p", { class: "words" }, h("span", { class: "key true" }), "Pythia 8", h("span", { class: "key made" }), "the model"),
    h("div", { class: "panels" }, histograms.map((one) => one.node)),
    h("p", { class: "words" }, "χ² is per bin, and 1 on average for samples of one distribution. In Python: ", command)));
  model.events = async (from, n) => {
    const latents = drawLatents(n, content.latentDim, BigInt(from));
    return network.run({ [network.facts.inputs[0]]: [latents, [n, content.latentDim]] });
  };
  model.histograms = () => histograms.map((one) => counts(truth[one.name], one.edges, truth.Q2, least));
  await again();
}


CONTROLS.events = eventsPanel;
