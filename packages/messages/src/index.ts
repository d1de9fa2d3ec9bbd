// Door three: signed envelopes between members, request signatures of people, inbox and outbox.
export {}
