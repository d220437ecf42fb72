// How strictly html-validate looks at the pages that the crawl finds: all that
// its presets know is an error, but for the rules below, each with its reason.
module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y", "html-validate:standard"],
  rules: {
    // Lower case is as good, and what we write.
    "doctype-style": ["error", { style: "lowercase" }],
    // Space at a line's end is what templates leave behind; nobody sees it, and
    // gzip makes it nothing.
    "no-trailing-whitespace": "off",
    // Everything is loaded from our own host, under a name that has its hash in
    // it, and the content security policy lets nothing else in.
    "require-sri": "off",
    // A button in a form submits it, a field is a text field: what HTML says of
    // those that don't say it is what we mean. The crawl itself holds that a
    // button without a type is in a form.
    "no-implicit-button-type": "off",
    "no-implicit-input-type": "off",
    // Ticks of one question share a name, as radio buttons do.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
    // A question's group is named by its heading (aria-labelledby), which a
    // legend can't hold well. The crawl itself holds that every group has a
    // legend or a name of that kind.
    "wcag/h71": "off",
  },
};
