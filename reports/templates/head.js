"use strict";
document.documentElement.classList.add("js");
try { document.documentElement.dataset.scheme = localStorage.getItem("lakatos-scheme") || ""; } catch { }
