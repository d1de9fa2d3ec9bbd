// Door two: what leaves, protected how; first form: the protected count.
export {}
