"""The tabs, a folder each: ``page.html``, ``page.css``, and a ``page.js`` that wakes them."""
