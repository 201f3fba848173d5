// What the page carries as text: facts, numbers, and bytes that are compressed.

const CONTENT = JSON.parse(document.getElementById("content").textContent);

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

function numbersOf(text) {
  return new Float32Array(bytesOf(text).buffer);
}

// Returns the bytes of a part of the page, and forgets their text.
async function unpacked(number) {
  const place = document.getElementById(`part-${number}`);
  const text = place.textContent;
  place.remove();
  return unpackedText(text);
}

// Returns the bytes of one of the files that pages of a site share, a script beside them.
async function shared({ script, index }) {
  if (!globalThis.ganzooRuntime) throw new Error(`${script} must lie beside this page`);
  return unpackedText(globalThis.ganzooRuntime[index]);
}

async function unpackedText(text) {
  const stream = new Blob([bytesOf(text)]).stream();
  const whole = new Response(stream.pipeThrough(new DecompressionStream("gzip")));
  return new Uint8Array(await whole.arrayBuffer());
}

// Returns the bytes of a file on the network, which the browser compares with its hash.
async function fetched({ url, integrity }) {
  const answer = await fetch(url, { integrity, credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
