/** The contract's types under the names the desk uses. Types only: no schema reaches the browser. */
import type { desk, portal, Rekey, Release, StoredDocument, setup, Wrap } from "@jikim/server/contract";

export type { Rekey, Release, StoredDocument, Wrap };
export type Session = setup.Session;
export type Setup = setup.Setup;
export type SetupKeys = setup.SetupKeys;
export type Enrolment = setup.Enrolment;
export type Enrol = setup.Enrol;
export type SignIn = setup.SignIn;
export type SignInOptions = setup.SignInOptions;
export type Centre = portal.Centre;
export type Case = desk.Case;
export type CaseLookup = desk.CaseLookup;
export type Queue = desk.Queue;
export type QueueRow = desk.QueueRow;
export type Item = desk.Item;
export type Place = desk.Place;
export type Notice = desk.Notice;
export type Platform = desk.Platform;
export type PlatformPost = desk.PlatformPost;
export type PlatformCreated = desk.PlatformCreated;
export type StaffMember = desk.StaffMember;
export type Invited = desk.Invited;
export type CentreTexts = desk.CentreTexts;
export type Assignment = desk.Assignment;
export type DocumentPost = desk.DocumentPost;
export type EntriesPost = desk.EntriesPost;
