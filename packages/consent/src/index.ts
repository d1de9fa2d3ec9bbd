// Door one: terms, bases, request and time in; a verdict with reasons out.
export {}
