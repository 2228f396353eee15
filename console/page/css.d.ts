/** esbuild takes an imported stylesheet into main.css. */
declare module '*.css';
