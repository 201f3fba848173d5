// Picture files that a user chooses: read here, sent nowhere.

const MAX_FILE_PIXELS = 8e6;

// Returns a button that opens a picture file, and lets one be dropped onto the panel.
function fileButton(panel, text, chosen) {
  const open = async (file) => {
    if (!file) return;
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      return state(`${file.name} is no picture that this browser reads.`, true);
    }
    if (bitmap.width * bitmap.height > MAX_FILE_PIXELS) {
      return state(`${file.name} has ${bitmap.width}x${bitmap.height} pixels; at most ${MAX_FILE_PIXELS / 1e6} million are read.`, true);
    }
    try {
      await chosen(bitmap, file.name);
    } catch (error) {
      failed(error);
    }
  };
  const input = h("input", { type: "file", accept: "image/*", "aria-label": text, change: () => open(input.files[0]) });
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", (event) => {
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });
  return h("span", { class: "file" }, text, input);
}

// Returns RGBA pixels of a picture over white: {data, width, height}.
function pixelsOf(bitmap) {
  const canvas = h("canvas", { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
