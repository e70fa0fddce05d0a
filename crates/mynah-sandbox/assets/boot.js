// Runs before the first paint, so that neither theme nor language flickers.
{
  const root = document.documentElement;
  let { language } = navigator;
  try {
    root.dataset.theme = localStorage.getItem("mynah.theme") ?? "auto";
    language = localStorage.getItem("mynah.language") ?? language;
  } catch {
    // Without storage the page follows the system.
  }
  // One of several, side by side.
  root.toggleAttribute("data-column", location.search === "?column");
  root.dataset.platform = location.hash.split("/")[1] ?? "";
  root.lang = language.startsWith("zh") ? "zh-CN" : "en";
}
