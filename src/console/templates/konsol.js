// Moves the progress of long work on while somebody looks at it. Everything works without: the page has a link that does the same.
(() => {
  const place = document.querySelector('[data-progress]');
  if (place === null) return;
  const every = 2000;
  const look = async () => {
    const answer = await fetch(place.dataset.progress, { credentials: 'same-origin' });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.querySelector('[data-progress]');
    if (next === null) location.reload();
    else {
      place.replaceChildren(...next.childNodes);
      setTimeout(look, every);
    }
  };
  setTimeout(look, every);
})();
