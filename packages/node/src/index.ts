// The node's composition root: HTTP, enforcement, jobs.
export {}
