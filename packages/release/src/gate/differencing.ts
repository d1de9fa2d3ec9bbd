// Two tables of the same dataset at one recipient, laid over each other: who is in one class there and one class here is as few as an attacker can narrow it down to.
// Being in one of them only narrows as well, so absence counts as a class (differencing; Ganta, Kasiviswanathan & Smith 2008 on joining independent releases).

/** A release as people in classes; who is nowhere in it showed nothing. */
export type ClassesOfPeople = readonly (readonly string[])[]

const ABSENT = -1

/** The fewest people that the two tables together leave in one place, of places that have any; Infinity where nothing is narrowed. */
export function smallestJoint(before: ClassesOfPeople, now: ClassesOfPeople): number {
  const [there, here] = [placesOf(before), placesOf(now)]
  const sizes = new Map<string, number>()
  for (const person of new Set([...there.keys(), ...here.keys()])) {
    for (const a of there.get(person) ?? [ABSENT]) for (const b of here.get(person) ?? [ABSENT]) sizes.set(`${a},${b}`, (sizes.get(`${a},${b}`) ?? 0) + 1)
  }
  return [...sizes.values()].reduce((least, size) => Math.min(least, size), Infinity)
}

function placesOf(classes: ClassesOfPeople): Map<string, number[]> {
  const places = new Map<string, number[]>()
  classes.forEach((people, index) => {
    for (const person of people) {
      const known = places.get(person)
      if (known === undefined) places.set(person, [index])
      else known.push(index)
    }
  })
  return places
}
