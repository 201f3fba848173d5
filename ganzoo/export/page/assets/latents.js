// Ways between latents.

function norm(v) {
  return Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
}

// Returns the latent at t between two: the direction turns evenly, the length goes evenly from one
// to the other (Shoemake 1985; White 2016, arXiv:1609.04468), as ganzoo.latent.spherical.
function spherical(start, end, t) {
  const [first, last] = [norm(start), norm(end)];
  const a = Array.from(start, (x) => x / Math.max(first, 1e-12));
  const b = Array.from(end, (x) => x / Math.max(last, 1e-12));
  const cosine = a.reduce((sum, x, i) => sum + x * b[i], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  const left = sine < 1e-6 ? 1 - t : Math.sin((1 - t) * angle) / sine;
  const right = sine < 1e-6 ? t : Math.sin(t * angle) / sine;
  const length = (1 - t) * first + t * last;
  return Float32Array.from(a, (x, i) => (left * x + right * b[i]) * length);
}

// Returns the latent between four corners: top left, top right, bottom left, bottom right.
function between([a, b, c, d], across, down) {
  return spherical(spherical(a, c, down), spherical(b, d, down), across);
}

// Returns a latent moved by steps along directions (rows of a flat array).
function moved(latent, vectors, steps) {
  const size = latent.length;
  return latent.map((x, i) => steps.reduce((sum, step, k) => sum + step * vectors[k * size + i], x));
}

