// Drawings to begin with: lines of points in a square of side 1.

function arc(x, y, rx, ry, from = 0, to = 2 * Math.PI, steps = 40) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}

const DRAWINGS = {
  Face: [
    arc(0.5, 0.5, 0.32, 0.32, 0, 2 * Math.PI, 80), arc(0.4, 0.44, 0.015, 0.025), arc(0.6, 0.44, 0.015, 0.025),
    arc(0.5, 0.53, 0.17, 0.14, 0.15 * Math.PI, 0.85 * Math.PI),
  ],
  Apple: [
    [...arc(0.36, 0.56, 0.2, 0.24, 1.75 * Math.PI, 0.62 * Math.PI, 30), ...arc(0.64, 0.56, 0.2, 0.24, 0.38 * Math.PI, -0.75 * Math.PI, 30)],
    [[0.5, 0.4], [0.51, 0.28], [0.55, 0.18]], arc(0.66, 0.22, 0.1, 0.05, -Math.PI, Math.PI),
  ],
  House: [
    [[0.22, 0.48], [0.22, 0.84], [0.78, 0.84], [0.78, 0.48]], [[0.12, 0.54], [0.5, 0.18], [0.88, 0.54]],
    [[0.43, 0.84], [0.43, 0.62], [0.57, 0.62], [0.57, 0.84]],
  ],
  Heart: [
    [...arc(0.345, 0.4, 0.155, 0.15, Math.PI, 2 * Math.PI, 20), ...arc(0.655, 0.4, 0.155, 0.15, Math.PI, 2 * Math.PI, 20),
      [0.79, 0.5], [0.7, 0.63], [0.5, 0.82], [0.3, 0.63], [0.21, 0.5], [0.19, 0.4]],
  ],
};
