// The nine panels: histograms as shares of all events, the true ones as an area, the made ones as a line.

const PLOT = { width: 240, height: 130, left: 4, right: 4, top: 6, bottom: 16 };
const LABELS = {
  px: "px [GeV]", py: "py [GeV]", pz: "pz [GeV]", E: "E′ [GeV]", pT: "pT [GeV]", theta: "θ", phi: "φ", xBj: "x Bjorken", Q2: "Q² [GeV²]",
};

function svg(tag, properties) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  return made;
}

function ticks(low, high, logarithmic) {
  if (logarithmic) {
    const powers = [];
    for (let k = Math.ceil(Math.log10(low)); k <= Math.log10(high); k++) powers.push(10 ** k);
    return powers;
  }
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough);
  const made = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) made.push(Number(at.toPrecision(6)));
  return made;
}

const POWERS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function tickWords(value, logarithmic) {
  if (!logarithmic) return String(value).replace("-", "−");
  return `10${[...String(Math.round(Math.log10(value)))].map((digit) => POWERS[digit]).join("")}`;
}

class Histogram {
  constructor({ name, logarithmic, edges }) {
    Object.assign(this, { name, logarithmic, edges });
    this.scale = logarithmic ? Math.log : (x) => x;
    this.picture = svg("svg", { viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, role: "img" });
    this.area = svg("path", { class: "true" });
    this.line = svg("path", { class: "made" });
    this.picture.append(this.area, this.line, ...this.axis());
    this.distance = h("span", {});
    this.node = h("figure", {}, this.picture, h("figcaption", {}, h("span", {}, LABELS[name] ?? name), this.distance));
  }

  x(value) {
    const [low, high] = [this.scale(this.edges[0]), this.scale(this.edges.at(-1))];
    return PLOT.left + ((this.scale(value) - low) / (high - low)) * (PLOT.width - PLOT.left - PLOT.right);
  }

  axis() {
    return ticks(this.edges[0], this.edges.at(-1), this.logarithmic).map((value) => {
      const text = svg("text", { x: Math.min(PLOT.width - 9, Math.max(9, this.x(value))), y: PLOT.height - 4, "text-anchor": "middle" });
      text.textContent = tickWords(value, this.logarithmic);
      return text;
    });
  }

  // Returns the steps of a histogram as a path.
  steps(shares, most) {
    const base = PLOT.height - PLOT.bottom, room = base - PLOT.top;
    let path = `M${this.x(this.edges[0]).toFixed(2)} ${base}`;
    shares.forEach((share, bin) => {
      const y = (base - (share / most) * room).toFixed(2);
      path += `V${y}H${this.x(this.edges[bin + 1]).toFixed(2)}`;
    });
    return `${path}V${base}`;
  }

  // Draws counts; returns the two-sample chi2 per bin, which is 1 on average for equal ones.
  draw(truth, made) {
    const total = (all) => all.reduce((sum, one) => sum + one, 0);
    const [nTrue, nMade] = [total(truth), total(made)];
    const shares = (all, n) => Array.from(all, (one) => (n ? one / n : 0));
    const [a, b] = [shares(truth, nTrue), shares(made, nMade)];
    const most = Math.max(...a, ...b, 1e-9) * 1.05;
    this.area.setAttribute("d", `${this.steps(a, most)}Z`);
    this.line.setAttribute("d", nMade ? this.steps(b, most) : "");
    const chi2 = twoSample(truth, made, nTrue, nMade);
    this.distance.textContent = nMade && nTrue ? `χ² ${chi2.toFixed(2)}` : "";
    this.picture.setAttribute("aria-label", `Histogram of ${LABELS[this.name]}${nMade && nTrue ? `, chi2 per bin ${chi2.toFixed(2)}` : ""}`);
    return chi2;
  }
}

// Returns the two-sample chi2 of two histograms over the number of bins less one.
function twoSample(first, second, n, m) {
  if (!n || !m) return NaN;
  const [up, down] = [Math.sqrt(m / n), Math.sqrt(n / m)];
  let sum = 0, bins = 0;
  first.forEach((a, bin) => {
    const b = second[bin];
    if (a + b === 0) return;
    sum += (up * a - down * b) ** 2 / (a + b);
    bins++;
  });
  return bins > 1 ? sum / (bins - 1) : NaN;
}
