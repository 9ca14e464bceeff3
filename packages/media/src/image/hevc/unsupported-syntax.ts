/** Thrown at what the standard allows and no encoder of photos is known to use. Nothing can be said of such a picture. */
export class UnsupportedSyntax extends Error {}
