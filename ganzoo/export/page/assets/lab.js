// CIE L*a*b* of sRGB under D65, as ganzoo.lab has it: lightness out of a picture, colours into it.

const WHITE = [0.95047, 1, 1.08883], CHROMA = 110, KNEE = 6 / 29, BISECTIONS = 12;
const TO_XYZ = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
];
const FROM_XYZ = inverse(TO_XYZ);

function inverse([[a, b, c], [d, e, f], [g, i, j]]) {
  const [A, B, C] = [e * j - f * i, f * g - d * j, d * i - e * g];
  const determinant = a * A + b * B + c * C;
  return [
    [A, c * i - b * j, b * f - c * e],
    [B, a * j - c * g, c * d - a * f],
    [C, b * g - a * i, a * e - b * d],
  ].map((line) => line.map((value) => value / determinant));
}

// Linear values of the 256 levels of sRGB.
const LINEAR = Float64Array.from({ length: 256 }, (_, level) => {
  const value = (Math.fround(Math.fround(level / 127.5) - 1) + 1) / 2;
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92;
});

// Returns L / 50 - 1 of each pixel of RGBA bytes.
function lightnessOf(pixels) {
  const made = new Float32Array(pixels.length / 4);
  const [r, g, b] = TO_XYZ[1];
  for (let i = 0, from = 0; i < made.length; i++, from += 4) {
    const y = r * LINEAR[pixels[from]] + g * LINEAR[pixels[from + 1]] + b * LINEAR[pixels[from + 2]];
    const f = y > KNEE ** 3 ? Math.cbrt(y) : y / (3 * KNEE ** 2) + 4 / 29;
    made[i] = (116 * f - 16) / 50 - 1;
  }
  return made;
}

const lin = new Float64Array(3);

// Writes linear RGB of L, a, b into `lin`; returns whether sRGB has the colour, but for rounding.
function toLinear(light, a, b) {
  const y = (light + 16) / 116;
  const f = [y + a / 500, y, y - b / 200];
  const xyz = f.map((t, k) => (t > KNEE ? t ** 3 : 3 * KNEE ** 2 * (t - 4 / 29)) * WHITE[k]);
  let inside = true;
  for (let k = 0; k < 3; k++) {
    lin[k] = FROM_XYZ[k][0] * xyz[0] + FROM_XYZ[k][1] * xyz[1] + FROM_XYZ[k][2] * xyz[2];
    inside &&= lin[k] >= -1e-6 && lin[k] <= 1 + 1e-6;
  }
  return inside;
}

// Writes pixels [from, to) of RGBA bytes out of lightness and colours in [-1, 1]. Colours that sRGB
// has not at a lightness are brought towards grey, in their own hue, until it has them.
function writeJoined(pixels, lightness, a, b, from, to) {
  for (let i = from; i < to; i++) {
    const light = (lightness[i] + 1) * 50, [x, y] = [a[i] * CHROMA, b[i] * CHROMA];
    if (!toLinear(light, x, y)) {
      let low = 0, high = 1;
      for (let k = 0; k < BISECTIONS; k++) {
        const middle = (low + high) / 2;
        if (toLinear(light, middle * x, middle * y)) low = middle;
        else high = middle;
      }
      toLinear(light, low * x, low * y);
    }
    for (let k = 0; k < 3; k++) {
      const value = Math.min(1, Math.max(0, lin[k]));
      const encoded = value > 0.0031308 ? 1.055 * value ** (1 / 2.4) - 0.055 : 12.92 * value;
      pixels[4 * i + k] = byteOf(Math.fround(2 * encoded - 1));
    }
    pixels[4 * i + 3] = 255;
  }
}
