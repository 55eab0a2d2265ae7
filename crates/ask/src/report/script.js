"use strict";
for (const part of document.querySelectorAll("[data-entity]")) {
  const same = () => document.querySelectorAll(`[data-entity="${part.dataset.entity}"]`);
  part.addEventListener("mouseenter", () => {
    document.body.classList.add("picked");
    same().forEach((other) => other.classList.add("on"));
  });
  part.addEventListener("mouseleave", () => {
    document.body.classList.remove("picked");
    same().forEach((other) => other.classList.remove("on"));
  });
}
