// What every page gets: little, for everything works without it.

document.documentElement.classList.add("scripted");
