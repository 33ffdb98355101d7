// What a page's checks evaluate: controls without a name, and text that is too faint.
({
  nameless: (root) =>
    [...document.querySelector(root).querySelectorAll("input, select, textarea, button, img")]
      .filter((node) => node.offsetParent !== null)
      .filter(
        (node) =>
          !(
            node.getAttribute("aria-label") ||
            node.labels?.length ||
            node.hasAttribute("alt") ||
            node.textContent.trim() ||
            node.title
          ),
      )
      .map((node) => node.outerHTML.slice(0, 120)),

  // WCAG 2.2, 1.4.3: text against the first opaque background behind it.
  faint: (root) => {
    const options = { willReadFrequently: true };
    const paint = document.createElement("canvas").getContext("2d", options);
    const rgba = (text) => {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = text;
      paint.fillRect(0, 0, 1, 1);
      return [...paint.getImageData(0, 0, 1, 1).data];
    };
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const weights = [0.2126, 0.7152, 0.0722];
    const light = (rgb) => weights.reduce((sum, w, i) => sum + w * linear(rgb[i] / 255), 0);
    const behind = (node) => {
      for (; node; node = node.parentElement) {
        const colour = rgba(getComputedStyle(node).backgroundColor);
        if (colour[3] > 250) return colour;
      }
      return [255, 255, 255, 255];
    };
    const faint = [];
    for (const node of document.querySelectorAll(`${root} *`)) {
      const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      const left = node.closest(".camera, :disabled, kbd, [hidden]");
      if (!own || left || node.offsetParent === null) continue;
      const one = light(rgba(getComputedStyle(node).color)),
        two = light(behind(node));
      const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${node.outerHTML.slice(0, 100)}`);
    }
    return faint;
  },
});
