// mhmd, the command line.
export {}
