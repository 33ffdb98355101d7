// WebHID, as far as it is used here: the library of types that comes along does not have it.

interface HIDReportEvent extends Event {
  readonly device: HIDDevice;
  readonly reportId: number;
  readonly data: DataView;
}

interface HIDConnectionEvent extends Event {
  readonly device: HIDDevice;
}

interface HIDDevice {
  readonly opened: boolean;
  readonly vendorId: number;
  readonly productName: string;
  readonly collections: readonly { usagePage?: number; usage?: number }[];
  open(): Promise<void>;
  addEventListener(type: "inputreport", listener: (event: HIDReportEvent) => void): void;
  removeEventListener(type: "inputreport", listener: (event: HIDReportEvent) => void): void;
}

interface HIDDeviceFilter {
  vendorId: number;
  usagePage: number;
  usage: number;
}

interface HID {
  getDevices(): Promise<HIDDevice[]>;
  requestDevice(options: { filters: HIDDeviceFilter[] }): Promise<HIDDevice[]>;
  addEventListener(
    type: "connect" | "disconnect",
    listener: (event: HIDConnectionEvent) => void,
  ): void;
  removeEventListener(
    type: "connect" | "disconnect",
    listener: (event: HIDConnectionEvent) => void,
  ): void;
}

interface Navigator {
  /** Chromium's browsers have it, on localhost and over HTTPS. */
  readonly hid?: HID;
}
