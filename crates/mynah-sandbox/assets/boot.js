// Runs before the first paint so that neither the theme nor the language flickers.
{
  const stored = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = stored("mynah.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = stored("mynah.language") ?? navigator.language ?? "en";
  root.lang = language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}
