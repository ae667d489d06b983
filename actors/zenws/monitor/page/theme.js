// SPDX-License-Identifier: BSD-3-Clause
//
// Dark or light: as the system has it, or as chosen. A classic script in the
// head, so that the page never flashes in the wrong colors.

window.zenwsTheme = (() => {
  const choices = ["auto", "light", "dark"];
  const root = document.documentElement;

  // Storage may be forbidden.
  function stored() {
    try {
      return localStorage.getItem("zenws-theme");
    } catch {
      return null;
    }
  }

  function set(choice) {
    root.dataset.theme = choice;
    try {
      localStorage.setItem("zenws-theme", choice);
    } catch {
      // It holds for this visit only.
    }
  }

  root.dataset.theme = choices.includes(stored()) ? stored() : "auto";
  return {
    current: () => root.dataset.theme,
    next() {
      const at = choices.indexOf(root.dataset.theme);
      set(choices[(at + 1) % choices.length]);
      return root.dataset.theme;
    },
  };
})();
