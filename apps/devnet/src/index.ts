// A whole network of processes in one command, with seeded synthetic people.
export {}
