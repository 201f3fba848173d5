// Kinematics of inclusive electron-proton scattering, as ganzoo.events.kinematics has it: GeV,
// radians, the electron beam along +z, the proton beam along -z.

const ELECTRON_MASS = 0.00051099895, PROTON_MASS = 0.93827208816;

// Returns the nine quantities of n events (a flat array of px, py, pz): arrays by name.
function quantities(momenta, [electron, proton]) {
  const n = momenta.length / 3;
  const names = ["px", "py", "pz", "E", "pT", "theta", "phi", "xBj", "Q2"];
  const made = Object.fromEntries(names.map((name) => [name, new Float64Array(n)]));
  const protonSum = proton + Math.sqrt(proton ** 2 - PROTON_MASS ** 2); // E_P - P_z
  const protonMinus = PROTON_MASS ** 2 / protonSum; // E_P + P_z
  for (let i = 0; i < n; i++) {
    const [px, py, pz] = [momenta[3 * i], momenta[3 * i + 1], momenta[3 * i + 2]];
    const pT = Math.hypot(px, py);
    const E = Math.hypot(px, py, pz, ELECTRON_MASS);
    // E' - pz without cancellation.
    const gap = pz > 0 ? (pT * pT + ELECTRON_MASS ** 2) / (E + pz) : E - pz;
    const y = 1 - (protonMinus * gap + protonSum * (E + pz)) / 2 / (electron * protonSum);
    const product = y * electron * protonSum; // P.q
    const Q2 = 2 * electron * gap;
    const xBj = product > 0 ? Q2 / (2 * product) : NaN;
    const all = { px, py, pz, E, pT, theta: Math.atan2(pT, pz), phi: Math.atan2(py, px), xBj, Q2 };
    for (const name of names) made[name][i] = all[name];
  }
  return made;
}

// Returns events per bin of those with Q2 >= least; what is outside, or undefined, is in the
// outermost bins, as ganzoo.events.panels.counts has it.
function counts(values, edges, q2, least) {
  const bins = edges.length - 1, made = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    if (q2[i] < least) continue;
    const value = Number.isNaN(values[i]) ? Infinity : values[i];
    let low = 0, high = bins; // edges[low] <= value < edges[high]
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (value >= edges[middle]) low = middle;
      else high = middle;
    }
    made[low]++;
  }
  return made;
}
