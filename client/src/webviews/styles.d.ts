// Style sheets that a page imports; the build bundles them into one beside its script.
declare module '*.css';
