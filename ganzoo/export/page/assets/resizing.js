// Pillow's BILINEAR resizing of floats: means of pixels where a picture shrinks, lines between them where it grows.

// Returns for each of `wanted` outputs the first pixel and the weights of those it is made of.
function taps(size, wanted) {
  const scale = size / wanted, wide = Math.max(scale, 1);
  return Array.from({ length: wanted }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - wide + 0.5));
    const last = Math.min(size, Math.trunc(centre + wide + 0.5));
    const weights = Array.from({ length: last - first }, (_, k) => Math.max(0, 1 - Math.abs((k + first - centre + 0.5) / wide)));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

// Returns a picture (a flat array, height x width) in another size.
function resizedPicture(data, [height, width], [toHeight, toWidth]) {
  let rows = data;
  if (toWidth !== width) {
    rows = new Float32Array(height * toWidth);
    taps(width, toWidth).forEach(({ first, weights }, x) => {
      for (let y = 0; y < height; y++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * data[y * width + first + k];
        rows[y * toWidth + x] = sum;
      }
    });
  }
  if (toHeight === height) return rows;
  const made = new Float32Array(toHeight * toWidth);
  taps(height, toHeight).forEach(({ first, weights }, y) => {
    for (let x = 0; x < toWidth; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[(first + k) * toWidth + x];
      made[y * toWidth + x] = sum;
    }
  });
  return made;
}
