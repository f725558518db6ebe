import { MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import "dayjs/locale/ms";

import { readable, theme } from "./theme";

/** Data is on this machine: asking again is cheap, trying again by itself would only hide a fault. */
function newClient() {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 1000, retry: false, networkMode: "always" }, mutations: { retry: false, networkMode: "always" } },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  const { i18n } = useTranslation();
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={readable} defaultColorScheme="auto">
        <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>{children}</DatesProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
