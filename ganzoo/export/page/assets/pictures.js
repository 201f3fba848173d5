// Pictures: arrays (n, height, width, channels) in [-1, 1] on a canvas, and back.

// Returns the byte of a number in [-1, 1], rounded half to even as NumPy's rint: ganzoo.plots.to_uint8.
function byteOf(value) {
  const scaled = Math.fround(Math.fround(value + 1) * 127.5);
  const below = Math.floor(scaled), rest = scaled - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2) ? below + 1 : below;
  return Math.min(255, Math.max(0, rounded));
}

// Writes one picture of an array into RGBA pixels of a wider picture, at (top, left).
function writePixels(pixels, width, data, offset, [h, w, c], top, left, inverted) {
  const sign = inverted ? -1 : 1;
  for (let y = 0; y < h; y++) {
    let to = 4 * ((top + y) * width + left);
    for (let x = 0; x < w; x++, to += 4) {
      const from = offset + (y * w + x) * c;
      for (let k = 0; k < 3; k++) pixels[to + k] = byteOf(sign * data[from + (c < 3 ? 0 : k)]);
      pixels[to + 3] = c === 4 ? byteOf(data[from + 3]) : 255;
    }
  }
}

// Draws pictures in rows on a canvas, as ganzoo.plots.grid does.
function drawGrid(canvas, { data, dims }, columns, inverted, gap = 2) {
  const [n, h, w, c] = dims;
  const rows = Math.ceil(n / columns);
  const width = columns * (w + gap) - gap, height = rows * (h + gap) - gap;
  const image = new ImageData(width, height);
  const ground = inverted ? 255 : 0;
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : ground;
  for (let i = 0; i < n; i++) {
    const top = Math.floor(i / columns) * (h + gap), left = (i % columns) * (w + gap);
    writePixels(image.data, width, data, i * h * w * c, [h, w, c], top, left, inverted);
  }
  resized(canvas, width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function resized(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
}

// Draws one picture, the whole canvas.
function drawPicture(canvas, made, inverted, index = 0) {
  const [, h, w, c] = made.dims;
  const size = h * w * c;
  drawGrid(canvas, { data: made.data.subarray(index * size, (index + 1) * size), dims: [1, h, w, c] }, 1, inverted, 0);
}

function pictureCanvas(label, properties = {}) {
  return h("canvas", { role: "img", "aria-label": label, class: "picture", width: 1, height: 1, ...properties });
}

// Saves what is on a canvas, each pixel enlarged, as a PNG.
function saveCanvas(canvas, name, scale = 4) {
  const large = h("canvas", { width: canvas.width * scale, height: canvas.height * scale });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  large.toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    h("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }, "image/png");
}

// Returns a row of a flat array.
function row(array, index, size) {
  return array.slice(index * size, (index + 1) * size);
}
